import { describeValue, ref, type Text, text } from '../schema/fault.ts';
import type { Validator } from '../schema/key.ts';
import { anyText } from '../schema/validators.ts';
import { HIDDEN } from '../shared/secrets.ts';

/** Address and credentials of a broker. */
export interface BrokerAccess {
  /** Without credentials. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

const SCHEMES = ['mqtt', 'mqtts', 'ws', 'wss'];
const STARTS = 'must start with mqtt://, mqtts://, ws:// or wss://';
const ENCODE = text`put user name and password into ${ref('mqtt.username')} and ${ref('mqtt.password')}, where any character is allowed`;
/** What stands after it begins an address: a comma may be part of a password. */
const BETWEEN = /\s*,\s*(?=[a-z][a-z0-9+.-]*:\/\/)/i;

/** As a user writes them: one address, several with commas between, or a list. */
export type BrokerUrls = string | readonly string[];

/** One address, whose credentials are moved elsewhere, or several brokers with what stands in the address of each. */
export type Brokers = string | readonly BrokerAccess[];

/** The addresses of the brokers. They may hold passwords, so no message shows more than a scheme. */
export const brokerUrls: Validator<Brokers, BrokerUrls> = {
  read: (text) => text.trim(),
  fault: (value) => {
    if (Array.isArray(value) && value.length === 0) return 'must name a broker, or be left out';
    const urls = listed(value);
    return urls[firstFaulty(urls)] === undefined ? null : urlFault(urls[firstFaulty(urls)]);
  },
  entryAt: (value) => (listed(value).length > 1 ? firstFaulty(listed(value)) : undefined),
  parse: (written) => {
    const [first = '', ...others] = listed(written).map(String);
    return others.length === 0 ? first : [first, ...others].map(accessIn);
  },
  print: (brokers) => (typeof brokers === 'string' ? hidden(brokers) : brokers.map(printed)),
};

/** A list may hold anything. */
function listed(value: unknown): readonly unknown[] {
  if (typeof value === 'string') return value.split(BETWEEN);
  return Array.isArray(value) ? value : [value];
}

function firstFaulty(urls: readonly unknown[]): number {
  return urls.findIndex((url) => urlFault(url) !== null);
}

function urlFault(value: unknown): Text | null {
  if (typeof value !== 'string') return anyText.fault(value);
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(value)?.[1];
  if (scheme === undefined) return `${STARTS}, such as "mqtt://localhost:1883"`;
  if (!SCHEMES.includes(scheme.toLowerCase())) return `${STARTS}, not ${describeValue(`${scheme}://`)}`;
  const url = URL.canParse(value) ? new URL(value) : null;
  if (/^[^/]*\/\/(?:[^/?#]*@)?([^/?#]*)/.exec(value)?.[1]?.includes(','))
    return 'has a comma in its host: each of several addresses begins with its scheme, as in "mqtt://one, mqtt://two"';
  if (url === null || url.hostname === '' || url.port === '0' || /\s/.test(value)) {
    return text`must be like "mqtt://host:1883", with a host and a port from 1 to 65535, without spaces; ${ENCODE}`;
  }
  // "mqtt://me:12/3@host" parses as port 12 of a host "me": the password would end up in the path.
  return `${url.pathname}${url.search}${url.hash}`.includes('@')
    ? text`has an @ after its host; ${ENCODE}`
    : null;
}

/** Takes the credentials out of an address, where they would show up in logs. */
export function accessIn(url: string): BrokerAccess {
  const { username, password } = new URL(url);
  return {
    url: url.replace(/\/\/[^/?#]*@/, '//'),
    username: decoded(username),
    password: decoded(password),
  };
}

/** A stray % that encodes nothing is meant as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Brokers behind WebSockets take tokens in the query. */
function hidden(url: string): string {
  return url.replace(/\/\/[^/?#]*@/, `//${HIDDEN}@`).replace(/\?.+$/, `?${HIDDEN}`);
}

function printed({ url, username, password }: BrokerAccess): string {
  const own = `${encodeURIComponent(username)}${password === '' ? '' : `:${HIDDEN}`}`;
  return own === '' ? hidden(url) : hidden(url).replace('//', `//${own}@`);
}

/** The parts of addresses that must not be seen; passwords among them. */
export function secretsIn(brokers: Brokers): readonly string[] {
  const all = typeof brokers === 'string' ? [{ url: brokers, password: '' }] : brokers;
  const secrets = all.flatMap(({ url, password }) => [new URL(url).search.slice(1), password]);
  return secrets.filter((secret) => secret !== '');
}
