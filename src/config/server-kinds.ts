import { describeValue } from './describe-value.ts';
import { anyText } from './general-kinds.ts';
import type { ValueKind } from './value-kind.ts';

/** The address of a server, or nothing. It may hold a token, so no message shows it. */
export const httpUrl: ValueKind = {
  read: (text) => text.trim(),
  fault: (value) => {
    if (typeof value !== 'string') return anyText.fault(value);
    if (value === '') return null;
    const url = URL.canParse(value) ? new URL(value) : null;
    if (url === null || !/^https?:\/\//i.test(value) || url.port === '0' || /\s/.test(value)) {
      return 'must start with http:// or https:// and name a host, such as "http://192.168.1.10:8086"';
    }
    return url.username === '' && url.password === ''
      ? null
      : 'must be without user name and password; put them into "username" and "password", or into "token" (a webhook is signed with "secret")';
  },
};

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
