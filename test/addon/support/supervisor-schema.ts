/** What the Supervisor takes for the type of an option, from its own source (options.py, August 2026). */
const ELEMENT = new RegExp(
  '^(?:|bool|email|url|port|device(?:\\((?<filter>subsystem=[a-z]+)\\))?' +
    '|str(?:\\((?<sMin>\\d+)?,(?<sMax>\\d+)?\\))?|password(?:\\((?<pMin>\\d+)?,(?<pMax>\\d+)?\\))?' +
    '|int(?:\\((?<iMin>-?\\d+)?,(?<iMax>-?\\d+)?\\))?|float(?:\\((?<fMin>-?\\d*\\.?\\d+)?,(?<fMax>-?\\d*\\.?\\d+)?\\))?' +
    '|match\\((?<match>.*)\\)|list\\((?<list>.+)\\))\\??$',
);

export type Schema = string | readonly Schema[] | { readonly [name: string]: Schema };
type Group = Readonly<Record<string, Schema>>;

/** What is wrong with a schema as such; a list directly in a list is not possible. */
export function schemaFaults(schema: Schema, at = '', inList = false): readonly string[] {
  if (typeof schema === 'string') return ELEMENT.test(schema) ? [] : [`${at}: unknown type ${schema}`];
  if (Array.isArray(schema)) {
    return schema.length !== 1 || inList
      ? [`${at}: a list must hold one type and be in no list`]
      : schemaFaults(schema[0] as Schema, at, true);
  }
  return Object.entries(schema as Group).flatMap(([name, one]) => schemaFaults(one, `${at}.${name}`));
}

/** Why the Supervisor would not save these options, or not start the add-on with them; null: it would. */
export function refusal(
  schema: Schema,
  value: unknown,
  devices: readonly string[],
  at = 'root',
): string | null {
  if (typeof schema === 'string') return refusedElement(schema, value, devices, at);
  if (Array.isArray(schema)) {
    if (!Array.isArray(value)) return `${at}: not a list`;
    return first(value.map((one) => refusal(schema[0] as Schema, one, devices, at)));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return `${at}: not a dict`;
  const group = schema as Group;
  const missing = Object.entries(group).find(
    ([name, one]) => !Object.hasOwn(value, name) && !isOptional(one),
  );
  if (missing !== undefined) return `${at}.${missing[0]}: missing`;
  // What the schema does not have is dropped with a warning in the log.
  const known = Object.entries(value).filter(([name]) => Object.hasOwn(group, name));
  return first(known.map(([name, one]) => refusal(group[name] as Schema, one, devices, `${at}.${name}`)));
}

function isOptional(schema: Schema): boolean {
  const one = Array.isArray(schema) ? schema[0] : schema;
  return typeof one === 'string' && one.endsWith('?');
}

function refusedElement(type: string, value: unknown, devices: readonly string[], at: string): string | null {
  const { groups = {} } = ELEMENT.exec(type) ?? {};
  const text = String(value);
  const refuse = (isFine: boolean): string | null => (isFine ? null : `${at}: ${text} is no ${type}`);
  if (value === null) return `${at}: missing`;
  if (type.startsWith('device')) return refuse(devices.includes(text));
  if (type.startsWith('bool')) return refuse(typeof value === 'boolean');
  if (type.startsWith('int')) {
    const number = Number(value);
    return refuse(Number.isInteger(number) && isWithin(number, groups.iMin, groups.iMax));
  }
  if (type.startsWith('float')) return refuse(isWithin(Number(value), groups.fMin, groups.fMax));
  if (groups.match !== undefined) return refuse(new RegExp(`^(?:${groups.match})`).test(text));
  if (groups.list !== undefined) return refuse(groups.list.split('|').includes(text));
  return refuse(typeof value === 'string');
}

/** Either limit may be left out. */
function isWithin(number: number, least = '-Infinity', most = 'Infinity'): boolean {
  return number >= Number(least) && number <= Number(most);
}

function first(refusals: readonly (string | null)[]): string | null {
  return refusals.find((one) => one !== null) ?? null;
}
