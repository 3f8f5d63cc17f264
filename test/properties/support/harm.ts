import fc from 'fast-check';

/** Every place in a JSON value, as the keys that lead to it. */
export function pathsIn(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  const inner = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [path, ...inner.flatMap(([key, member]) => pathsIn(member, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === key ? replaced(item, rest, by) : item));
  return { ...value, [key]: replaced((value as Record<string, unknown>)[key], rest, by) };
}

/** What a careless hand, another version or a bad disk may put anywhere: also what numbers and names trip over. */
const ANYTHING = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(null, '', '0', -1, 0.5, 1e300, 1e21, 178_414_678, [], {}, [[]], '2026-01-15', true),
  fc.constantFrom('__proto__', 'toString', 'constructor', 'kW', 'm³', 'number', { toString: 5 }),
  fc.constantFrom('9'.repeat(5_000), `0.${'9'.repeat(2_000)}`),
);

/** `document` with one to three of its places changed. */
export function harmIn(document: unknown): fc.Arbitrary<unknown> {
  const changes = fc.array(fc.tuple(fc.constantFrom(...pathsIn(document)), ANYTHING), {
    minLength: 1,
    maxLength: 3,
  });
  return changes.map((made) =>
    made.reduce((whole: unknown, [path, by]) => replaced(whole, path, by), document),
  );
}
