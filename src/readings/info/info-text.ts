import type { InfoState } from './info-state.ts';
import type { InfoTexts } from './texts/info-texts.ts';

/** Home Assistant refuses a longer state. */
const LONGEST = 255;
const SEPARATOR = '; ';

/** `{code}` and the like in a text, filled. */
export function fill(text: string, values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values).reduce(
    (filled, [name, value]) => filled.replace(`{${name}}`, String(value)),
    text,
  );
}

/** What the info code complains about, one statement each; none where all is well. */
export function statements(state: InfoState, texts: InfoTexts): readonly string[] {
  if (state.kind === 'unclear') return [unclearText(state, texts)];
  return [
    // First of all, so that they are never the ones that there is no room for.
    ...state.unknownBits.map((code) => fill(texts.unknownInfo, { code })),
    ...state.messages.map((message) => texts[message]),
  ];
}

/** For a code that cannot be understood. */
export function unclearText(
  { code, reason }: Extract<InfoState, { kind: 'unclear' }>,
  texts: InfoTexts,
): string {
  return fill(reason === 'no table' ? texts.infoCode : texts.unclearCode, { code });
}

/** All statements in one text that Home Assistant takes; whole ones are left out where there is no room. */
export function infoText(all: readonly string[], texts: InfoTexts): string {
  if (all.length === 0) return texts.noError;
  for (let shown = all.length; ; shown--) {
    const left = all.length - shown;
    const text = [...all.slice(0, shown), ...(left > 0 ? [fill(texts.more, { count: left })] : [])].join(
      SEPARATOR,
    );
    // A single statement is far shorter.
    if (text.length <= LONGEST || shown === 1) return text;
  }
}
