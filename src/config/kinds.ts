import { accessSync, constants, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { describeValue, natureOf, type ValueKind } from './schema.ts';

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

const SCHEMES = ['mqtt', 'mqtts', 'ws', 'wss'];
const STARTS = 'must start with mqtt://, mqtts://, ws:// or wss://';

/** The address of the broker. It may hold a password, so no message shows more than its scheme. */
export const brokerUrl: ValueKind = {
  read: (text) => text.trim(),
  fault: (value) => {
    if (typeof value !== 'string') return anyText.fault(value);
    const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(value)?.[1];
    if (scheme === undefined) return `${STARTS}, such as "mqtt://localhost:1883"`;
    if (!SCHEMES.includes(scheme.toLowerCase())) return `${STARTS}, not ${describeValue(`${scheme}://`)}`;
    const url = URL.canParse(value) ? new URL(value) : null;
    if (url === null || url.hostname === '' || url.port === '0' || /\s/.test(value)) {
      return `must be like "mqtt://host:1883", with a host and a port from 1 to 65535, without spaces; ${ENCODE}`;
    }
    // "mqtt://me:12/3@host" parses as port 12 of a host "me": the password would end up in the path.
    return `${url.pathname}${url.search}${url.hash}`.includes('@')
      ? `has an @ after its host; ${ENCODE}`
      : null;
  },
};

const ENCODE =
  'put user name and password into mqtt.username and mqtt.password, where any character is allowed';

export const topic: ValueKind = {
  read: (text) => text.trim(),
  fault: (value) => {
    const wrong = filledText.fault(value);
    if (typeof value !== 'string' || wrong !== null) return wrong;
    const legal = !/[+#\0]/.test(value) && !/^[/$]/.test(value) && !value.endsWith('/');
    return legal
      ? null
      : `must be a topic without + and #, without $ at its start and without / at its start or end, not ${describeValue(value)}`;
  },
};

export const optionalTopic: ValueKind = {
  read: topic.read,
  fault: (value) => (value === '' ? null : topic.fault(value)),
};

/** The address of a server, or nothing. Paths and queries are ours to add. */
export const serverUrl: ValueKind = {
  read: (text) => text.trim(),
  fault: (value) => {
    const fault = addressFault(value, 'put them into "username" and "password", or into "token"');
    if (fault !== null || value === '') return fault;
    const { search, hash } = new URL(String(value));
    return search === '' && hash === ''
      ? null
      : 'must end with its host, its port or a path: nothing with ? or #, which the bridge adds itself';
  },
};

/** An address that may hold a token, so no message shows it. */
export const webhookUrl: ValueKind = {
  read: (text) => text.trim(),
  fault: (value) =>
    addressFault(value, 'a receiver knows the bridge by webhook.secret, or by a token in the address'),
};

function addressFault(value: unknown, inPlaceOfUser: string): string | null {
  if (typeof value !== 'string') return anyText.fault(value);
  if (value === '') return null;
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null || !/^https?:\/\//i.test(value) || url.port === '0' || /\s/.test(value)) {
    return 'must start with http:// or https:// and name a host, such as "http://192.168.1.10:8086"';
  }
  return url.username === '' && url.password === ''
    ? null
    : `must be without user name and password: ${inPlaceOfUser}`;
}

export const megabytes = amount('megabytes', 1, 10_000);
export const days = amount('days', 1, 3_650);

function amount(what: string, least: number, most: number): ValueKind {
  return {
    read: (text) => (/^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : text),
    fault: (value) =>
      typeof value === 'number' && value >= least && value <= most
        ? null
        : `must be a number of ${what} from ${least} to ${most}, not ${describeValue(value)}`,
  };
}
