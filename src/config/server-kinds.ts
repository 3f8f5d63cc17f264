import { describeValue } from './describe-value.ts';
import { anyText } from './general-kinds.ts';
import type { ValueKind } from './value-kind.ts';

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
