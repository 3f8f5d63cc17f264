import convict from 'convict';

/** What a key may hold. The messages are ours, because convict's print whole values, secrets included. */
export interface ValueKind {
  /** From the text of an environment variable or an option; text that makes no sense comes back as it is. */
  read(text: string): unknown;
  /** An object in the file as a value that can be laid over others; without this, objects are refused. */
  fromObject?(value: object): unknown;
  /** What is wrong with a value and what is allowed, on one line; null: nothing. */
  fault(value: unknown): string | null;
}

/** One key of the configuration. */
export interface ConfigKey {
  readonly doc: string;
  readonly kind: ValueKind;
  readonly default: unknown;
  /** The environment variable that sets it. */
  readonly env?: string;
  /** Never shown. Its environment variable with `_FILE` at the end names a file that holds it. */
  readonly secret?: true;
}

/** Keys in groups, as the file writes them. */
export interface ConfigKeys {
  readonly [name: string]: ConfigKey | ConfigKeys;
}

export function isKey(node: ConfigKey | ConfigKeys): node is ConfigKey {
  return 'kind' in node;
}

/** Every key with its path, `mqtt.url`. */
export function flattenKeys(keys: ConfigKeys, prefix = ''): (readonly [string, ConfigKey])[] {
  return Object.entries(keys).flatMap(([name, node]) =>
    isKey(node) ? [[`${prefix}${name}`, node] as const] : flattenKeys(node, `${prefix}${name}.`),
  );
}

/** Something wrong at one key; `text` says what is allowed and shows no secret. */
export interface Fault {
  readonly path: string;
  readonly text: string;
}

// A format of our own with an idle `coerce`: convict's built-in ones make 1 of "1.5" and true of "abc".
convict.addFormat({
  name: 'kind',
  coerce: (value: unknown) => value,
  validate: (value: unknown, node) => {
    const fault = (node.kind as ValueKind).fault(value);
    if (fault !== null) throw new Error(fault);
  },
});

/**
 * Defaults, then each layer over the one before, and what is wrong with the outcome.
 * The layers must hold known keys only (`pick-known.ts`). `values` are to be trusted only where there is no fault.
 */
export function applyKeys<T>(
  keys: ConfigKeys,
  layers: readonly object[],
): { values: T; faults: readonly Fault[] } {
  // Without `args` convict would read our own command line, without `env` the real environment.
  const instance = convict<T>(schemaOf(keys) as convict.Schema<T>, { args: [], env: {} });
  for (const layer of layers) instance.load(layer);
  return { values: instance.getProperties(), faults: faultsOf(instance) };
}

/** Everything counts as sensitive, so that convict's error text has no values: only `path: our message`, a line each. */
function schemaOf(keys: ConfigKeys): object {
  return Object.fromEntries(
    Object.entries(keys).map(([name, node]) => [
      name,
      isKey(node)
        ? { default: node.default, format: 'kind', kind: node.kind, sensitive: true }
        : schemaOf(node),
    ]),
  );
}

function faultsOf<T>(instance: convict.Config<T>): readonly Fault[] {
  try {
    instance.validate({ allowed: 'strict' });
    return [];
  } catch (error) {
    return (error as Error).message.split('\n').map((line) => {
      const colon = line.indexOf(': ');
      return { path: line.slice(0, colon), text: line.slice(colon + 2) };
    });
  }
}

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

/** The candidate that a person most likely meant, or null when none is close. Case, `_` and `-` do not count. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const wanted = plain(word);
  // Two slips in a word of six letters, one in a shorter one.
  let least = wanted.length < 6 ? 1 : 2;
  let best: string | null = null;
  for (const candidate of candidates) {
    const steps = distance(wanted, plain(candidate));
    if (steps < least || (steps === least && best === null)) {
      least = steps;
      best = candidate;
    }
  }
  return best;
}

function plain(word: string): string {
  return word.toLowerCase().replace(/[_-]/g, '');
}

/** Letters to insert, drop, replace or swap with their neighbour (optimal string alignment). */
function distance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1];
      const steps = [at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1)];
      if (from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]) steps.push(at(beforeLast, j - 2) + 1);
      row.push(Math.min(...steps));
    }
    beforeLast = last;
    last = row;
  }
  return at(last, to.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}

type Values = Record<string, unknown>;

/** The part of what a file says that fits the keys' structure, and a fault for everything else. Shows no values. */
export function pickKnown(found: unknown, keys: ConfigKeys): { values: Values; faults: readonly Fault[] } {
  const faults: Fault[] = [];
  return { values: pickGroup(found, keys, '', keys, faults), faults };
}

function pickGroup(found: unknown, group: ConfigKeys, at: string, all: ConfigKeys, faults: Fault[]): Values {
  const values: Values = {};
  if (!isObject(found)) {
    faults.push({ path: at, text: `must be an object { ... }, not ${natureOf(found)}` });
    return values;
  }
  for (const [name, value] of Object.entries(found)) {
    const path = at === '' ? name : `${at}.${name}`;
    const node = Object.hasOwn(group, name) ? group[name] : undefined;
    if (node === undefined) faults.push({ path, text: unknownKey(name, group, all) });
    else if (isKey(node)) pickValue(values, name, value, node, path, faults);
    else values[name] = pickGroup(value, node, path, all, faults);
  }
  return values;
}

/** convict would look inside an object that stands where a single value belongs, and stumble. */
function pickValue(
  into: Values,
  name: string,
  value: unknown,
  key: ConfigKey,
  path: string,
  faults: Fault[],
) {
  const text = isObject(value) ? key.kind.fault(value) : null;
  if (text === null) into[name] = isObject(value) ? key.kind.fromObject?.(value) : value;
  else faults.push({ path, text });
}

function unknownKey(name: string, group: ConfigKeys, all: ConfigKeys): string {
  const names = Object.keys(group);
  const close = nearest(name, names);
  if (close !== null) return `unknown key; did you mean "${close}"?`;
  const elsewhere = flattenKeys(all).find(([path]) => path.endsWith(`.${name}`));
  if (elsewhere !== undefined) return `unknown key; did you mean "${elsewhere[0]}"?`;
  return `unknown key; known here: ${names.join(', ')}`;
}

function isObject(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface FaultPlace {
  /** The path of what the faults' own paths start at; empty: the file's top. */
  readonly at: string;
  /** What else but the file set a value, by path. */
  readonly origins: ReadonlyMap<string, string>;
}

/** `meters[1].port (METER_PORT): must ...`, the first fault of each key. */
export function renderFaults(faults: readonly Fault[], { at, origins }: FaultPlace): readonly string[] {
  const first = new Map<string, string>();
  for (const { path, text } of faults) if (!first.has(path)) first.set(path, text);
  return [...first].map(([path, text]) => {
    const whole = [at, path].filter((part) => part !== '').join('.') || 'the whole file';
    const origin = origins.get(path);
    return `${whole}${origin === undefined ? '' : ` (${origin})`}: ${text}`;
  });
}
