/** Something wrong at one key. It stays in parts until somebody who knows who reads it makes a line of it. */
export interface Fault {
  /** `mqtt.url`, or of a meter `port`; empty: the whole that the paths start at. */
  readonly path: string;
  /** The place in the list that stands there, where one value of it is wrong. */
  readonly entry?: number | undefined;
  /** The path is shown as the user wrote it: it is no key that the user may know by another name. */
  readonly isAsWritten?: boolean | undefined;
  /** Says what is allowed; shows no secret. */
  readonly text: Text;
  /** The place in the list of the meter whose key it is. */
  readonly meter?: number | undefined;
  /** The source of the value, if not the file: `MQTT_URL`. */
  readonly origin?: string | undefined;
}

/** A sentence. Keys and examples in it look different in a file and in the add-on's form. */
export type Text = string | readonly Part[];

type Part = string | KeyName | MeterName | Example;

interface KeyName {
  /** A key of the same meter, where the fault is one of a meter. */
  readonly key: string;
}

interface MeterName {
  /** The place in the list. */
  readonly meter: number;
}

interface Example {
  readonly file: string;
  readonly form: string;
}

/** A key that a sentence names. */
export function ref(key: string): KeyName {
  return { key };
}

/** Another meter that a sentence names. */
export function meterAt(meter: number): MeterName {
  return { meter };
}

/** A value as a user may write it, in a file and in the form. */
export function example(file: string, form: string): Example {
  return { file, form };
}

/** text`must be set, because ${ref('csv.enabled')} is true` */
export function text(
  strings: TemplateStringsArray,
  ...between: readonly (Text | KeyName | MeterName | Example | number)[]
): Text {
  const parts = strings.flatMap((string, index): readonly Part[] => {
    const part = between[index] ?? '';
    if (typeof part === 'object') return isSentence(part) ? [string, ...part] : [string, part];
    return [`${string}${part}`];
  });
  return parts.filter((part) => part !== '');
}

function isSentence(part: Part | readonly Part[]): part is readonly Part[] {
  return Array.isArray(part);
}

/** The first fault of each key: where one thing is wrong, what follows from it is no news. */
export function firstOfEach(faults: readonly Fault[]): readonly Fault[] {
  const first = new Map<string, Fault>();
  for (const fault of faults) if (!first.has(fault.path)) first.set(fault.path, fault);
  return Array.from(first.values());
}

/** Readers of faults have a file before them, or the add-on's form. */
export interface Audience {
  /** The key's name there. */
  name(key: string, meter: number | undefined): string;
  /** Where a key of a meter stands, named as there; an empty one: the meter itself. */
  placeOf(name: string, meter: number): string;
  readonly examples: keyof Example;
}

export const FILE_AUDIENCE: Audience = {
  name: (key) => key,
  placeOf: (name, meter) => (name === '' ? `meters[${meter}]` : `meters[${meter}].${name}`),
  examples: 'file',
};

/** `meters[1].port (METER_PORT): must ...` */
export function renderFault(fault: Fault, audience: Audience): string {
  const { path, entry, isAsWritten, text, meter, origin } = fault;
  const key = isAsWritten ? path : audience.name(path, meter);
  const place = meter === undefined ? key : audience.placeOf(key, meter);
  const whole = entry === undefined ? place || 'the whole file' : `${place}[${entry}]`;
  return `${whole}${origin === undefined ? '' : ` (${origin})`}: ${renderText(text, audience, meter)}`;
}

export function renderText(text: Text, audience: Audience, meter?: number): string {
  if (typeof text === 'string') return text;
  const parts = text.map((part) => {
    if (typeof part === 'string') return part;
    if ('meter' in part) return audience.placeOf('', part.meter);
    return 'key' in part ? audience.name(part.key, meter) : part[audience.examples];
  });
  return parts.join('');
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
