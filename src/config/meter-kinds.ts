import { METER_MODEL_NAMES } from '../catalogue/family.ts';
import { CONVERTIBLE_UNITS } from '../catalogue/units.ts';
import type { BurstConfig } from './config.ts';
import { anyText, filledText, readWholeNumber } from './kinds.ts';
import { describeValue, nearest, type ValueKind } from './schema.ts';

const SECOND = 1000;
const MILLISECONDS: Readonly<Record<string, number>> = { s: SECOND, min: 60 * SECOND, h: 3600 * SECOND };
/** A reading takes a second or two, and the next one may need three tries. */
const SHORTEST_INTERVAL = 10 * SECOND;
const LONGEST_INTERVAL = 24 * 3600 * SECOND;

/** An amount just as it is written: exact, whatever it is compared with. */
interface WrittenPower {
  readonly amount: string;
  readonly unit: 'W' | 'kW' | 'MW';
}

/** `2 kW`; undefined for anything else. */
function writtenPower(text: string): WrittenPower | undefined {
  const [, amount, unit] = /^\s*(\d+(?:\.\d+)?)\s*(W|kW|MW)\s*$/.exec(text) ?? [];
  return amount === undefined ? undefined : { amount, unit: unit as WrittenPower['unit'] };
}

/** `5 min` in milliseconds; undefined for anything else. */
function writtenInterval(text: string): number | undefined {
  const [, amount, unit] = /^\s*(\d+(?:\.\d+)?)\s*(s|min|h)\s*$/.exec(text) ?? [];
  const factor = MILLISECONDS[unit ?? ''];
  return factor === undefined ? undefined : Number(amount) * factor;
}

export const power: ValueKind = {
  read: (text) => text.trim(),
  fault: (value) =>
    value === null || (typeof value === 'string' && writtenPower(value) !== undefined)
      ? null
      : `must be a power with its unit (W, kW or MW), such as "2 kW", or null for no burst, not ${describeValue(value)}`,
};

export const interval: ValueKind = {
  read: (text) => text.trim(),
  fault: (value) => {
    const time = typeof value === 'string' ? writtenInterval(value) : undefined;
    const fits = time !== undefined && time >= SHORTEST_INTERVAL && time <= LONGEST_INTERVAL;
    return value === null || fits
      ? null
      : `must be a time with its unit (s, min or h) from 10 s to 24 h, such as "5 min", or null for no burst, not ${describeValue(value)}`;
  },
};

export const readingsADay: ValueKind = {
  read: readWholeNumber,
  fault: (value) =>
    value === null || (typeof value === 'number' && Number.isInteger(value) && value >= 1)
      ? null
      : `must be a whole number of readings from 1 on, or null for no limit, not ${describeValue(value)}`,
};

/** What a valid `burst` says, the time in milliseconds; null where there is none. */
export function burstSettings({
  above,
  every,
}: BurstConfig): { readonly above: WrittenPower; readonly every: number } | null {
  const power = writtenPower(above ?? '');
  const interval = writtenInterval(every ?? '');
  return power === undefined || interval === undefined ? null : { above: power, every: interval };
}

const LONGEST_ALLOWANCE = 60_000;
const PORTS =
  'must be a path such as "/dev/serial/by-id/usb-...", a Windows port such as "COM3", or "tcp://host:port" (port 1 to 65535)';

export const portName: ValueKind = {
  read: (text) => text.trim(),
  fault: (value) => {
    if (typeof value !== 'string') return anyText.fault(value);
    if (value.trim() === '') return `must not be empty or left out: it ${PORTS}`;
    if (/^\/.+$/.test(value) || /^COM[1-9]\d{0,2}$/i.test(value)) return null;
    const [, number] = /^tcp:\/\/(?:\[[0-9a-f:.]+\]|[^\s:/?#@[\]]+):(\d{1,5})$/i.exec(value) ?? [];
    const valid = number !== undefined && Number(number) >= 1 && Number(number) <= 65535;
    return valid ? null : `${PORTS}, not ${describeValue(value)}`;
  },
};

/** node-cron belongs to another layer, so its check is handed in. It alone would also take other numbers of fields. */
export function cron(check: (expression: string) => boolean): ValueKind {
  return {
    read: (text) => text.trim(),
    fault: (value) => {
      const wrong = filledText.fault(value);
      if (typeof value !== 'string' || wrong !== null) return wrong;
      const fields = value.trim().split(/\s+/).length;
      if ((fields === 5 || fields === 6) && check(value)) return null;
      return `must be a cron expression of five fields (minute, hour, day, month, weekday) or six (second in front), such as "0 * * * *" for every full hour, not ${describeValue(value)}`;
    },
  };
}

export function cronOrNever(check: (expression: string) => boolean): ValueKind {
  const { read, fault } = cron(check);
  return {
    read,
    fault: (value) => (value === 'never' ? null : (fault(value)?.concat(', or "never"') ?? null)),
  };
}

export const timezone: ValueKind = {
  read: (text) => text.trim(),
  fault: (value) => {
    if (typeof value !== 'string' || value === '' || isTimezone(value)) return anyText.fault(value);
    const close = nearest(value, Intl.supportedValuesOf('timeZone'));
    const hint = close === null ? '' : `; did you mean "${close}"?`;
    return `must be a time zone name such as "Europe/Copenhagen", or empty for the system's own, not ${describeValue(value)}${hint}`;
  },
};

/** Newer engines also take offsets such as "+01:00"; those are no names and know no summer time. */
function isTimezone(value: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return /^[a-z]/i.test(value);
  } catch {
    return false;
  }
}

export const meterAddress: ValueKind = {
  read: readWholeNumber,
  fault: (value) =>
    isWhole(value, 1, 255)
      ? null
      : `must be a whole number from 1 to 255 (or hexadecimal, "0x3F"), not ${describeValue(value)}`,
};

export const registerList: ValueKind = {
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
};

export const timeoutAllowance: ValueKind = {
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
export const meterModel: ValueKind = {
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

/** How units are written on keyboards without ³. */
const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ['m3', 'm³'],
  ['m3/h', 'm³/h'],
  ['L', 'l'],
  ['L/h', 'l/h'],
]);
const MOST_GAS = 100;

/** Quantity to unit, as pairs: convict would look for keys of its own in an object. Empty for none. */
type UnitPairs = readonly (readonly [quantity: string, unit: unknown])[] | '';

/**
 * `{"heat_energy": "kWh"}`, as text `heat_energy=kWh, volume=l`. `quantities`: all that there are; they belong to another
 * layer, so they are handed in.
 */
export function wantedUnits(quantities: readonly string[]): ValueKind {
  return {
    read: (text) => text.split(',').map((pair) => pair.split('=').map((side) => side.trim())),
    fromObject: (value) => Object.entries(value),
    fault: (value) => {
      const pairs = isObject(value) ? Object.entries(value) : value;
      if (pairs === '') return null;
      if (!isPairs(pairs)) {
        return `must name a unit for each quantity, such as {"heat_energy": "kWh"} (in an environment variable "heat_energy=kWh, volume=l"), not ${describeValue(value)}`;
      }
      const faults = pairs.map(([quantity, unit]) => faultOf(quantity, unit, quantities));
      return faults.filter((fault) => fault !== null).join('; ') || null;
    },
  };
}

/** The pairs that `wantedUnits` found no fault with. */
export function unitsOf(pairs: unknown): Readonly<Record<string, string>> {
  const checked = (pairs || []) as Exclude<UnitPairs, ''>;
  return Object.fromEntries(checked.map(([quantity, unit]) => [quantity, spelt(String(unit))]));
}

/** m³ of gas for a GJ; 0 for none. */
export const gasPerGigaJoule: ValueKind = {
  read: (text) => (/^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : text),
  fault: (value) =>
    typeof value === 'number' && value >= 0 && value <= MOST_GAS
      ? null
      : `must be the m³ of gas that stand for a GJ, such as 31.6, at most ${MOST_GAS}, or 0 for none, not ${describeValue(value)}`,
};

function faultOf(quantity: string, unit: unknown, quantities: readonly string[]): string | null {
  if (quantities.length > 0 && !quantities.includes(quantity) && !/^register_\d{1,5}$/.test(quantity)) {
    const close = nearest(quantity, quantities);
    const hint = close === null ? 'docs/topics.md names them' : `did you mean "${close}"?`;
    return `${describeValue(quantity)} is no quantity; ${hint}`;
  }
  if (typeof unit === 'string' && CONVERTIBLE_UNITS.includes(spelt(unit))) return null;
  return `the unit of ${describeValue(quantity)} must be one of ${CONVERTIBLE_UNITS.join(', ')}, not ${describeValue(unit)}`;
}

function spelt(unit: string): string {
  return SPELLINGS.get(unit) ?? unit;
}

function isPairs(value: unknown): value is Exclude<UnitPairs, ''> {
  return (
    Array.isArray(value) &&
    value.every((pair) => Array.isArray(pair) && pair.length === 2 && typeof pair[0] === 'string')
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
