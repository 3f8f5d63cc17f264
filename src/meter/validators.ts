import { METER_MODEL_NAMES, type MeterModelName } from '../catalogue/family.ts';
import { isQuantity, QUANTITY_NAMES } from '../catalogue/quantities.ts';
import { CONVERTIBLE_UNITS } from '../catalogue/units.ts';
import type { PowerLevel } from '../readings/conversion.ts';
import { describeValue } from '../schema/fault.ts';
import type { Validator } from '../schema/key.ts';
import { nearest } from '../schema/suggest.ts';
import { anyText, pairsOf, readNumber, readWholeNumber, textInForm } from '../schema/validators.ts';
import { isInteger } from '../shared/stored.ts';
import { isNetworkPort } from '../transport/open.ts';
import { PORTS, portNamed } from '../transport/port-name.ts';

const LONGEST_ALLOWANCE = 60_000;

/** Stands in the port of `config.json` as it comes with the program: nobody has such a head. */
const PLACEHOLDER = 'REPLACE-ME';

/** The port of the example, in whatever form. */
export function isPlaceholder(port: unknown): boolean {
  return typeof port === 'string' && port.includes(PLACEHOLDER);
}

/** A port in any form that people bring, as `transport/port-name.ts` writes it. */
export const portName: Validator<string> = {
  read: (text) => text.trim(),
  fault: (value) => {
    if (typeof value !== 'string') return anyText.fault(value);
    if (value.trim() === '') return `must not be empty or left out: it ${PORTS}`;
    if (isPlaceholder(value))
      return `${describeValue(value)} is only the example that came with config.json. \`multical2mqtt ports\` lists the ports of this machine: put the one of your optical head in its place`;
    const named = portNamed(value);
    return 'fault' in named ? named.fault : null;
  },
  parse: writtenPort,
};

/** A port as the program writes it; what is none stays as it is. */
export function writtenPort(text: string): string {
  const named = portNamed(text);
  return 'port' in named ? named.port : text;
}

/** `host:port`, as the add-on's form has a head in the network. */
export const hostAndPort: Validator<string> = {
  read: portName.read,
  fault: (value) => {
    const named = typeof value === 'string' ? portNamed(value) : undefined;
    if (named !== undefined && 'port' in named && isNetworkPort(named.port)) return null;
    // A form of another program is told what to write in its place.
    if (named !== undefined && 'fault' in named && String(value).includes('://')) return named.fault;
    return 'must be host:port, such as "192.168.1.20:2717" or "heat-head.local:6638"';
  },
};

/** KMP destination address. */
export const meterAddress: Validator<number, number | string> = {
  read: readWholeNumber,
  parse: Number,
  fault: (value) =>
    isWhole(value, 1, 255)
      ? null
      : `must be a whole number from 1 to 255 (or hexadecimal, "0x3F"), not ${describeValue(value)}`,
};

export const registerList = textInForm<'auto' | readonly number[], 'auto' | readonly (number | string)[]>({
  read: (text) => (text.trim() === 'auto' ? 'auto' : text.split(',').map((one) => readWholeNumber(one))),
  fault: (value) => {
    if (value === 'auto') return null;
    if (!Array.isArray(value)) {
      return `must be "auto" or a list of register numbers such as [60, 68, 74], not ${describeValue(value)}`;
    }
    if (value.length === 0) return 'must be "auto" or name at least one register';
    const wrong = value.filter((one) => !isWhole(one, 0, 0xffff));
    if (wrong.length > 0) {
      return `each register must be a whole number from 0 to 65535 (or hexadecimal, "0x3C"), not ${wrong.map(describeValue).join(', ')}`;
    }
    const numbers = value.map(Number);
    const twice = new Set(numbers.filter((one, index) => numbers.indexOf(one) !== index));
    return twice.size === 0
      ? null
      : `each register may appear once; more than once: ${[...twice].join(', ')}`;
  },
  parse: (written) => (written === 'auto' ? written : written.map(Number)),
});

export const timeoutAllowance: Validator<number | null> = {
  read: readWholeNumber,
  fault: (value) =>
    value === null || (typeof value === 'number' && isWhole(value, 0, LONGEST_ALLOWANCE))
      ? null
      : `must be a whole number of milliseconds from 0 to ${LONGEST_ALLOWANCE}, or null for the port's own default, not ${describeValue(value)}`,
};

/** A file may write register numbers and addresses as "0x3F", because the maker's documents do. */
function isWhole(value: unknown, least: number, most: number): boolean {
  if (typeof value === 'string' && !/^0x[0-9a-f]+$/i.test(value)) return false;
  if (typeof value !== 'string' && typeof value !== 'number') return false;
  const number = Number(value);
  return Number.isInteger(number) && number >= least && number <= most;
}

const ALLOWED: readonly string[] = ['auto', ...METER_MODEL_NAMES];

/** A family of meters by its name, or `auto`. */
export const meterModel: Validator<MeterModelName | 'auto'> = {
  read: (text) => text.trim().toLowerCase(),
  fault: (value) => {
    if (typeof value === 'string' && ALLOWED.includes(value)) return null;
    const meant = nearestModel(String(value));
    const hint = meant === null ? '' : `; did you mean "${meant}"?`;
    const names = ALLOWED.map((name) => `"${name}"`).join(', ');
    return `must be one of ${names}, not ${describeValue(value)}${hint}`;
  },
};

/** People write "MULTICAL 403", 403 without quotation marks, or one of the models of a family ("flowIQ 2101"). */
function nearestModel(text: string): string | null {
  const plain = text.toLowerCase().replace(/multical|kamstrup|[\s®]/g, '');
  const family = METER_MODEL_NAMES.find(
    (name) => name.endsWith('xx') && plain.replace('-', '').startsWith(name.slice(0, -2).replace('-', '')),
  );
  return family ?? nearest(plain, ALLOWED);
}

const SECOND = 1000;
const MILLISECONDS: Readonly<Record<string, number>> = { s: SECOND, min: 60 * SECOND, h: 3600 * SECOND };
/** A reading takes a second or two, and the next one may need three tries. */
const SHORTEST_INTERVAL = 10 * SECOND;
const LONGEST_INTERVAL = 24 * 3600 * SECOND;

/** `2 kW`; undefined for anything else. */
function writtenPower(text: string): PowerLevel | undefined {
  const [, amount, unit] = /^\s*(\d+(?:\.\d+)?)\s*(W|kW|MW)\s*$/.exec(text) ?? [];
  return amount === undefined ? undefined : { amount, unit: unit ?? '' };
}

/** `5 min` in milliseconds; undefined for anything else. */
function writtenInterval(text: string): number | undefined {
  const [, amount, unit] = /^\s*(\d+(?:\.\d+)?)\s*(s|min|h)\s*$/.exec(text) ?? [];
  const factor = MILLISECONDS[unit ?? ''];
  return factor === undefined ? undefined : Number(amount) * factor;
}

export const power: Validator<string | null> = {
  read: (text) => text.trim(),
  fault: (value) =>
    value === null || (typeof value === 'string' && writtenPower(value) !== undefined)
      ? null
      : `must be a power with its unit (W, kW or MW), such as "2 kW", or null for no burst, not ${describeValue(value)}`,
};

export const interval: Validator<string | null> = {
  read: (text) => text.trim(),
  fault: (value) => {
    const time = typeof value === 'string' ? writtenInterval(value) : undefined;
    const fits = time !== undefined && time >= SHORTEST_INTERVAL && time <= LONGEST_INTERVAL;
    return value === null || fits
      ? null
      : `must be a time with its unit (s, min or h) from 10 s to 24 h, such as "5 min", or null for no burst, not ${describeValue(value)}`;
  },
};

export const readingsADay: Validator<number | null> = {
  read: readWholeNumber,
  fault: (value) =>
    value === null || isInteger(value, 1)
      ? null
      : `must be a whole number of readings from 1 on, or null for no limit, not ${describeValue(value)}`,
};

const LONGEST_BETWEEN = 3600;

export const secondsBetween: Validator<number> = {
  read: readWholeNumber,
  fault: (value) =>
    isInteger(value, 0, LONGEST_BETWEEN)
      ? null
      : `must be a whole number of seconds from 0 to ${LONGEST_BETWEEN}, not ${describeValue(value)}`,
};

export interface BurstSettings {
  readonly above: PowerLevel;
  /** Milliseconds from one reading to the next. */
  readonly every: number;
}

/** `burst` as it is written, once it is valid; null where there is none. */
export function burstSettings({
  above,
  every,
}: {
  readonly above: string | null;
  readonly every: string | null;
}): BurstSettings | null {
  const power = writtenPower(above ?? '');
  const interval = writtenInterval(every ?? '');
  return power === undefined || interval === undefined ? null : { above: power, every: interval };
}

/** Spellings for keyboards without ³. */
const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ['m3', 'm³'],
  ['m3/h', 'm³/h'],
  ['L', 'l'],
  ['L/h', 'l/h'],
]);

/** The unit that each quantity is published in. */
export const wantedUnits = pairsOf<Readonly<Record<string, string>>>({
  what: 'a unit for each quantity, such as {"heat_energy": "kWh"} (in an environment variable "heat_energy=kWh, volume=l")',
  faultOf: (quantity, unit) => {
    const fault = quantityFault(quantity);
    if (fault !== null || (typeof unit === 'string' && CONVERTIBLE_UNITS.includes(spelt(unit)))) return fault;
    return `the unit of ${describeValue(quantity)} must be one of ${CONVERTIBLE_UNITS.join(', ')}, not ${describeValue(unit)}`;
  },
  parse: (pairs) => Object.fromEntries(pairs.map(([quantity, unit]) => [quantity, spelt(String(unit))])),
});

function spelt(unit: string): string {
  return SPELLINGS.get(unit) ?? unit;
}

/** Says what is wrong with the name of a quantity; null: nothing is. */
export function quantityFault(quantity: string): string | null {
  if (isQuantity(quantity)) return null;
  const close = nearest(quantity, QUANTITY_NAMES);
  const hint = close === null ? 'docs/topics.md names them' : `did you mean "${close}"?`;
  return `${describeValue(quantity)} is no quantity; ${hint}`;
}

const MOST_GAS = 100;

/** m³ of gas for a GJ; 0 for none. */
/** Of a megawatt-hour in any currency. */
const MOST_PRICE = 1_000_000_000;

export const priceOfUnit: Validator<number> = {
  read: readNumber,
  fault: (value) =>
    typeof value === 'number' && value >= 0 && value <= MOST_PRICE
      ? null
      : `must be what a unit of the meter's main total costs, such as 0.85, at most ${MOST_PRICE}, or 0 where that is not known, not ${describeValue(value)}`,
};

export const currencyCode: Validator<string> = {
  read: (text) => text.trim(),
  fault: (value) =>
    value === '' || Intl.supportedValuesOf('currency').includes(String(value))
      ? null
      : `must be the three capital letters of a currency, such as "DKK" or "EUR", or empty, not ${describeValue(value)}`,
};

export const gasPerGigaJoule: Validator<number> = {
  read: readNumber,
  fault: (value) =>
    typeof value === 'number' && value >= 0 && value <= MOST_GAS
      ? null
      : `must be the m³ of gas that stand for a GJ, such as 31.6, at most ${MOST_GAS}, or 0 for none, not ${describeValue(value)}`,
};
