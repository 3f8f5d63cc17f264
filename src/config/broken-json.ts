import { meterKeys } from '../meter/config.ts';
import { flattenKeys } from '../schema/key.ts';
import { HIDDEN } from '../shared/secrets.ts';
import { addonFirstMeterKeys, addonKeys, addonMeterKeys } from './addon-form.ts';
import { configKeys } from './keys.ts';

const KEYS = [configKeys, meterKeys, addonKeys, addonMeterKeys, addonFirstMeterKeys].flatMap((keys) =>
  flattenKeys(keys),
);
/** Each part of `mqtt.url`. */
const NAMES = new Set(KEYS.flatMap(([path]) => path.split('.')));
const SECRET = new Set(KEYS.filter(([, key]) => key.secret === true).map(([path]) => path.split('.').at(-1)));
/** What word processors and web pages make of ' and ". */
const CURLY = /[“”„‟«»‘’‚‛′″]/u;
/** A text in quotation marks of any kind, perhaps without its end, or a word. */
const PIECE =
  /(?<open>["'“”„‟«»‘’‚‛′″])(?<inside>[^"“”„‟«»′″]*?)(?<close>["'“”„‟«»‘’‚‛′″]|$)(?<colon>\s*:)?|(?<word>[^\s"'“”„‟«»‘’‚‛′″{}[\],:]+)(?<after>\s*:)?/gu;

interface Place {
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/**
 * Where and why a file is no JSON. json5 says what character it did not expect, and the line tells a person most; both
 * may be part of a password, so that of the line only our own key names and its marks are shown.
 */
export function syntaxProblem(path: string, text: string, error: SyntaxError): string {
  const { lineNumber, columnNumber } = error as SyntaxError & Place;
  const lines = text.split(/\r\n|[\n\r\u2028\u2029]/);
  const line = lines[lineNumber - 1] ?? '';
  const isFirst = line.slice(0, columnNumber - 1).trim() === '';
  // What is missing at the end of a line is missed at the beginning of the next one that holds anything.
  const before = isFirst ? lines.slice(0, lineNumber - 1).findLastIndex((one) => one.trim() !== '') : -1;
  const numbers = [...(before < 0 ? [] : [before + 1]), lineNumber];
  const shown = numbers.map((number) => `\n      ${number} | ${withoutValues(lines[number - 1] ?? '')}`);
  const near = numbers.map((number) => lines[number - 1] ?? '').join('\n');
  return `The file ${path} is not valid JSON at line ${lineNumber}, column ${columnNumber}: ${hintFor(near, error)}${shown.join('')}`;
}

function hintFor(near: string, { message }: SyntaxError): string {
  const curly = CURLY.exec(near)?.[0];
  if (curly !== undefined)
    return `there is a curly quotation mark (${curly}), as word processors and web pages make them; write the straight one, ${/[‘’‚‛′]/.test(curly) ? "'" : '"'}, in its place, at both ends of a text`;
  if (message.includes('end of input'))
    return 'the file ends too early, a closing } or ] or a quotation mark is missing';
  return 'look there and at the line before for a missing comma, colon, bracket or quotation mark, or one too many';
}

/** Keeps brackets, marks and the names of keys before a colon; nothing behind the name of a secret. */
function withoutValues(whole: string): string {
  const line = whole.slice(0, LONGEST);
  let shown = '';
  let at = 0;
  for (const match of line.matchAll(PIECE)) {
    const { open = '', inside, close = '', colon, word = '', after } = match.groups ?? {};
    const name = (inside ?? word).trim();
    const isKey = NAMES.has(name) && (colon ?? after) !== undefined;
    const hidden =
      inside === undefined ? `${HIDDEN}${after ?? ''}` : `${open}${HIDDEN}${close}${colon ?? ''}`;
    shown += line.slice(at, match.index) + (isKey ? match[0] : hidden);
    if (SECRET.has(name)) return `${shown} ${HIDDEN}`;
    at = match.index + match[0].length;
  }
  return shown + line.slice(at);
}

const LONGEST = 120;
