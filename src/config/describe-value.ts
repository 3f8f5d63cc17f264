const LONGEST = 80;

/** A value as a message may show it: short, on one line, without credentials that sit in a URL. */
export function describeValue(value: unknown): string {
  if (typeof value !== 'string') return describeType(value);
  const safe = value.replace(/\/\/.*@/s, '//***@');
  return JSON.stringify(safe.length > LONGEST ? `${safe.slice(0, LONGEST)}...` : safe);
}

/** For texts that may be secret, only what sort of thing was found; numbers and truth values are named elsewhere too. */
export function natureOf(value: unknown): string {
  if (typeof value === 'string') return 'a text';
  if (typeof value === 'number') return 'a number';
  if (typeof value === 'boolean') return 'true or false';
  return describeType(value);
}

function describeType(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
