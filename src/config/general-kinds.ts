import { accessSync, constants, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { describeValue, natureOf } from './describe-value.ts';
import type { ValueKind } from './value-kind.ts';

const asIs = (text: string): string => text;
const YES = ['true', 'yes', 'on', '1'];
const NO = ['false', 'no', 'off', '0'];

/** Decimal or 0x; anything else comes back unchanged, for the check to complain about. */
export function readWholeNumber(text: string): number | string {
  return /^\s*(0x[0-9a-f]+|\d+)\s*$/i.test(text) ? Number(text) : text;
}

/** Any text; the value is never shown, so it may be a secret. */
export const anyText: ValueKind = {
  read: asIs,
  fault: (value) =>
    typeof value === 'string' ? null : `must be a text in quotation marks, not ${natureOf(value)}`,
};

export const filledText: ValueKind = {
  read: asIs,
  fault: (value) =>
    anyText.fault(value) ?? (String(value).trim() === '' ? 'must not be empty or left out' : null),
};

export const flag: ValueKind = {
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

export function oneOf(allowed: readonly (string | number)[]): ValueKind {
  return {
    read: (text) => allowed.find((value) => String(value) === text.trim()) ?? text,
    fault: (value) =>
      allowed.some((one) => one === value)
        ? null
        : `must be ${allowed.map((one) => JSON.stringify(one)).join(' or ')}, not ${describeValue(value)}`,
  };
}

/** The path of a file that can be read now, or nothing. Relative paths start at `directory`. */
export function optionalFile(directory: string): ValueKind {
  return {
    read: asIs,
    fault: (value) => {
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
}

export const tcpPort: ValueKind = {
  read: readWholeNumber,
  fault: (value) =>
    Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 65_535
      ? null
      : `must be a port number from 1 to 65535, not ${describeValue(value)}`,
};

export const list: ValueKind = {
  read: asIs,
  fault: (value) => (Array.isArray(value) ? null : `must be a list [ ... ], not ${natureOf(value)}`),
};
