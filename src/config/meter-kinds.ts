import { describeValue } from './describe-value.ts';
import { anyText, filledText, readWholeNumber } from './general-kinds.ts';
import { nearest } from './nearest.ts';
import type { ValueKind } from './value-kind.ts';

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
