import type { ExchangeState } from '../../src/web/api.ts';

const MASK = '•';
/** The outcome of an exchange whose bytes are whole. */
const ANSWERED = 'answered';

/** What stands for a meter's number in bytes on the line and in words, so that a report can be shown to everybody. */
export function masked(text: string, serialNumber: string | null): string {
  if (serialNumber === null || !/^\d{4,10}$/.test(serialNumber)) return text;
  const hidden = text.replaceAll(serialNumber, MASK.repeat(serialNumber.length));
  return bytesOf(Number(serialNumber)).reduce((rest, bytes) => rest.replace(bytes, MASK.repeat(8)), hidden);
}

/** Its four bytes, either way round, written together or apart, and with the protocol's escapes between them. */
function bytesOf(serial: number): RegExp[] {
  const hex = serial.toString(16).padStart(8, '0');
  const bytes = hex.match(/../g) ?? [];
  return [bytes, bytes.toReversed()].map((order) => new RegExp(order.map(anyWay).join('\\s*'), 'gi'));
}

/** Two of its bytes side by side: what is left of them where a reply arrived damaged. Zeros tell nothing. */
function traces(serial: number): RegExp[] {
  const bytes = serial.toString(16).padStart(8, '0').match(/../g) ?? [];
  return [bytes, bytes.toReversed()].flatMap((order) =>
    order.flatMap((byte, index) => {
      const next = order[index + 1];
      if (next === undefined || (byte === '00' && next === '00')) return [];
      return [new RegExp(`${anyWay(byte)}\\s*${anyWay(next)}`, 'gi')];
    }),
  );
}

/** A byte that means something to the line is sent as 1B and its complement. */
function anyWay(byte: string): string {
  const complement = (0xff - Number.parseInt(byte, 16)).toString(16).padStart(2, '0');
  return `(?:${byte}|1b\\s*${complement})`;
}

/** Exchanges as text for a report; `serialNumber` null: as they are. A checksum would tell what it was made of. */
export function report(
  head: string,
  exchanges: readonly ExchangeState[],
  serialNumber: string | null,
): string {
  const hide = (text: string): string => masked(text, serialNumber);
  const hideTraces = (text: string): string =>
    traces(Number(serialNumber)).reduce((rest, bytes) => rest.replace(bytes, MASK.repeat(4)), hide(text));
  const side = (arrow: string, { bytes, parts }: ExchangeState['sent'], outcome: string): string[] => {
    if (bytes === '') return [`${arrow} -`];
    const hideBytes = serialNumber === null || outcome === ANSWERED ? hide : hideTraces;
    const secret = hideBytes(bytes) !== bytes;
    const words = parts.map((part) => {
      const crc = secret && /checksum/i.test(part.meaning);
      return `    ${crc ? MASK.repeat(4) : hideBytes(part.bytes)}  ${hide(part.meaning)}`;
    });
    // The whole line repeats the checksum: where something was hidden, the parts say it all.
    return [secret ? arrow : `${arrow} ${bytes}`, ...words];
  };
  const blocks = exchanges.map(({ at, sent, received, outcome, took }) =>
    [
      `${new Date(at).toISOString()} ${outcome}${took === null ? '' : `, ${took} ms`}`,
      ...side('  >', sent, outcome),
      ...side('  <', received, outcome),
    ].join('\n'),
  );
  return `${hide(head)}\n\n${blocks.join('\n\n')}\n`;
}
