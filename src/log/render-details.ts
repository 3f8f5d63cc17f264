import { messageOf } from '../shared/errors.ts';

const DEEPEST = 6;

interface RenderedDetails {
  /** Ready for JSON. */
  readonly details: unknown;
  /** The stack of each error that was met. */
  readonly stacks: readonly string[];
}

/** Details as plain values: errors by their message, bytes in hex, every text through `redact`. Never throws. */
export function renderDetails(value: unknown, redact: (text: string) => string): RenderedDetails {
  const stacks: string[] = [];
  const plain = (one: unknown, above: readonly object[]): unknown => {
    if (typeof one === 'string') return redact(one);
    if (typeof one === 'bigint') return String(one);
    if (typeof one !== 'object' || one === null) return one;
    if (one instanceof Uint8Array) return Buffer.from(one).toString('hex');
    if (above.includes(one)) return '[circular]';
    if (above.length >= DEEPEST) return '[too deep]';
    const inside = [...above, one];
    if (one instanceof Error) {
      stacks.push(redact(String(one.stack)));
      // A cause has its say in the stacks; the message on top must be enough without it.
      plain(one.cause, inside);
      return redact(textOf(one));
    }
    if ('toJSON' in one && typeof one.toJSON === 'function') return plain(one.toJSON(), inside);
    if (one instanceof Map) return plain(Object.fromEntries(one), inside);
    if (Array.isArray(one) || one instanceof Set) return [...one].map((item) => plain(item, inside));
    return Object.fromEntries(Object.entries(one).map(([name, item]) => [redact(name), plain(item, inside)]));
  };
  try {
    return { details: plain(value, []), stacks };
  } catch (error) {
    // A getter or a toJSON threw; the message that came with the details must get out all the same.
    return { details: `[not printable: ${redact(messageOf(error))}]`, stacks };
  }
}

/** A connection that failed on several addresses has an empty message of its own. */
function textOf(error: Error): string {
  if (error.message !== '') return error.message;
  return error instanceof AggregateError ? error.errors.map(messageOf).join('; ') : error.name;
}
