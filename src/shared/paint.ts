import { styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan';

/** Gives a text a colour, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

export const unpainted: Paint = (_style, text) => text;

const painted: Paint = (style, text) => styleText(style, text, { validateStream: false });

/**
 * The one place that decides about colours: a terminal has them, and a pipe, a file or a service manager has none, unless the
 * environment says otherwise. `FORCE_COLOR` goes before `NO_COLOR`, as in Node itself.
 */
export function paintFor(
  { isTTY }: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>>,
): Paint {
  const {
    FORCE_COLOR: forced,
    NO_COLOR: refused,
    NODE_DISABLE_COLORS: disabled,
    TERM: terminal,
  } = environment;
  if (forced !== undefined) return ['0', 'false'].includes(forced) ? unpainted : painted;
  const isPlain = Boolean(refused) || Boolean(disabled) || terminal === 'dumb';
  return isTTY === true && !isPlain ? painted : unpainted;
}

/** The environment of who wants none, whatever else it says. */
export const NO_COLOURS = { FORCE_COLOR: '0' } as const;
