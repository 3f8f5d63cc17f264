import { accessSync, constants, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { isInteger, isObject } from '../shared/stored.ts';
import { describeValue, natureOf, type Text, text } from './fault.ts';
import type { Validator } from './key.ts';
import { nearest } from './suggest.ts';

const asIs = (text: string): string => text;
const YES = ['true', 'yes', 'on', '1'];
const NO = ['false', 'no', 'off', '0'];

/** Decimal or 0x; anything else comes back unchanged, for the check to complain about. */
export function readWholeNumber(text: string): number | string {
  return /^\s*(0x[0-9a-f]+|\d+)\s*$/i.test(text) ? Number(text) : text;
}

/** Decimal digits, if with a point; anything else comes back unchanged. */
export function readNumber(text: string): number | string {
  return /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : text;
}

/** Any text; the value is never shown, so it may be a secret. */
export const anyText: Validator<string> = {
  read: asIs,
  fault: (value) =>
    typeof value === 'string' ? null : `must be a text in quotation marks, not ${natureOf(value)}`,
};

export const filledText: Validator<string> = {
  read: asIs,
  fault: (value) =>
    anyText.fault(value) ?? (String(value).trim() === '' ? 'must not be empty or left out' : null),
};

/** Line ends and what else no person types into a name; a broker closes the connection over them. */
export function hasControlCharacters(text: string): boolean {
  return /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u2028\u2029]/u.test(text);
}

/** A name that others see, on one line. */
export const nameText: Validator<string> = {
  read: asIs,
  fault: (value) =>
    filledText.fault(value) ??
    (hasControlCharacters(String(value))
      ? `must be on one line, without control characters, not ${describeValue(value)}`
      : null),
};

export const flag: Validator<boolean> = {
  read: (text) => {
    const word = text.trim().toLowerCase();
    if (YES.includes(word)) return true;
    return NO.includes(word) ? false : text;
  },
  fault: (value) =>
    typeof value === 'boolean'
      ? null
      : `must be true or false (in a file without quotation marks), not ${describeValue(value)}`,
};

export function oneOf<const A extends string | number>(allowed: readonly A[]): Validator<A> {
  const choice: Validator<A> = {
    read: (text) => allowed.find((value) => String(value) === text.trim()) ?? text,
    fault: (value) => choiceFault(allowed, value),
    choices: allowed,
  };
  if (allowed.every((value) => typeof value === 'string')) return choice;
  // A choice in a form is a text.
  const texts = allowed.map(String);
  return { ...choice, inForm: { fault: (value) => choiceFault(texts, String(value)) } };
}

function choiceFault(allowed: readonly (string | number)[], value: unknown): string | null {
  return allowed.some((one) => one === value)
    ? null
    : `must be ${allowed.map((one) => JSON.stringify(one)).join(' or ')}, not ${describeValue(value)}`;
}

/** The path of a file that can be read now, or nothing. */
export const optionalFile: Validator<string> = {
  read: asIs,
  fault: (value, directory = '.') => {
    if (typeof value !== 'string' || value === '') return anyText.fault(value);
    // A pasted key must not come out in a message.
    if (value.includes('\n') || value.includes('-----BEGIN')) {
      return 'must be the path of a file, not its content';
    }
    try {
      const path = resolve(directory, value);
      if (!statSync(path).isFile()) return `must be the path of a file; ${describeValue(value)} is none`;
      accessSync(path, constants.R_OK);
      return null;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      return code === 'ENOENT'
        ? `the file ${describeValue(value)} does not exist`
        : `the file ${describeValue(value)} cannot be read (${code})`;
    }
  },
};

export const tcpPort: Validator<number> = {
  read: readWholeNumber,
  fault: (value) =>
    isInteger(value, 1, 65_535) ? null : `must be a port number from 1 to 65535, not ${describeValue(value)}`,
};

/** A number of `what`: `megabytes`. */
export function amountOf(what: string, least: number, most: number): Validator<number> {
  return {
    read: readNumber,
    fault: (value) =>
      typeof value === 'number' && value >= least && value <= most
        ? null
        : `must be a number of ${what} from ${least} to ${most}, not ${describeValue(value)}`,
  };
}

/** Convict does nothing inside a list, so what is in it is checked by itself. */
export function listOf<T>(): Validator<readonly T[]> {
  return {
    read: asIs,
    fault: (value) => (Array.isArray(value) ? null : `must be a list [ ... ], not ${natureOf(value)}`),
  };
}

/** A form has texts only: the same as in an environment variable. */
export function textInForm<T, W>(validator: Validator<T, W>): Validator<T, W> {
  const fault = (value: unknown): Text | null =>
    anyText.fault(value) ?? validator.fault(validator.read(String(value)));
  return { ...validator, inForm: { fault } };
}

/** Names with what each is given, as pairs: convict would look for keys of its own in an object. Empty for none. */
export type Pairs = readonly (readonly [name: string, given: unknown])[] | '';

/** `{"heat_energy": "kWh"}`, as text `heat_energy=kWh, volume=l`. `what`: a value must name it. */
export function pairsOf<T>(options: {
  readonly what: Text;
  readonly faultOf: (name: string, given: unknown) => string | null;
  readonly parse: (pairs: Exclude<Pairs, ''>) => T;
  /** Blanks between commas of a text count for nothing; else they are a fault. */
  readonly skipsBlanks?: true;
}): Validator<T, Pairs> {
  const { what, faultOf, parse, skipsBlanks } = options;
  const read = (text: string): unknown => {
    const pairs = text.split(',').filter((pair) => !skipsBlanks || pair.trim() !== '');
    return pairs.map((pair) => pair.split('=').map((side) => side.trim()));
  };
  /** `shown`: what the user wrote. */
  const fault = (pairs: unknown, shown: unknown): Text | null => {
    if (pairs === '') return null;
    if (!isPairs(pairs)) return text`must name ${what}, not ${describeValue(shown)}`;
    const faults = pairs.map(([name, given]) => faultOf(name, given));
    return faults.filter((fault) => fault !== null).join('; ') || null;
  };
  return {
    read,
    fromObject: (value) => Object.entries(value),
    fault: (value) => fault(isObject(value) ? Object.entries(value) : value, value),
    parse: (pairs) => parse(pairs || []),
    inForm: { fault: (value) => anyText.fault(value) ?? fault(read(String(value)), value) },
  };
}

function isPairs(value: unknown): value is Exclude<Pairs, ''> {
  return (
    Array.isArray(value) &&
    value.every((pair) => Array.isArray(pair) && pair.length === 2 && typeof pair[0] === 'string')
  );
}

/** An IANA name; empty: the system's. */
export const timezone: Validator<string> = {
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
