/**
 * Readers for JSON that comes from a file, a broker or a server. It may be old, cut or touched by a person: what does
 * not fit is left out, and nothing throws.
 */

export type Fields = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The members of an object; none for anything else. */
export function fieldsOf(value: unknown): Fields {
  return isObject(value) ? value : {};
}

/** The members of an object that `restore` gives something for. */
export function membersOf<T>(
  value: unknown,
  restore: (member: unknown, name: string) => T | undefined,
): Readonly<Record<string, T>> {
  return Object.fromEntries(
    Object.entries(fieldsOf(value)).flatMap(([name, member]) => {
      const restored = restore(member, name);
      return restored === undefined ? [] : [[name, restored] as const];
    }),
  );
}

/** The items of an array that `restore` gives something for. */
export function itemsOf<T>(value: unknown, restore: (item: unknown) => T | undefined): T[] {
  return Array.isArray(value) ? value.map((item) => restore(item)).filter((item) => item !== undefined) : [];
}

/** A whole number from `least` to `most`. */
export function isInteger(
  value: unknown,
  least: number = Number.NEGATIVE_INFINITY,
  most: number = Number.POSITIVE_INFINITY,
): value is number {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

/** The object in a JSON text; an empty one for anything else. */
export function jsonObject(text: string): Fields {
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    return {};
  }
}
