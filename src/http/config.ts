import { describeValue, type Text, text } from '../schema/fault.ts';
import { key, type Validator } from '../schema/key.ts';
import { anyText, flag, optionalFile, textInForm } from '../schema/validators.ts';

/** Names of ours that the small server cannot know by itself; in a text with commas. */
export const hostNames = textInForm<readonly string[], readonly string[]>({
  read: (text) => (text.trim() === '' ? [] : text.split(',').map((name) => name.trim())),
  fault: (value) => {
    if (!Array.isArray(value))
      return `must be a list of names, such as ["heat.example.com"], not ${describeValue(value)}`;
    const wrong = value.filter(
      (name) => typeof name !== 'string' || !/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/i.test(name),
    );
    return wrong.length === 0
      ? null
      : `each must be the name of a machine without port and path, such as "heat.example.com", not ${wrong.map(describeValue).join(', ')}`;
  },
});

/** Trust in a server that is reached over HTTPS. */
export const certificateKeys = {
  ca: key('PEM file of your own authority.', optionalFile, ''),
  rejectUnauthorized: key('Whether invalid certificates are refused.', flag, true, {
    addon: 'verify_certificate',
  }),
};

/** The address of a server, or nothing. Paths and queries are ours to add. */
export const serverUrl: Validator<string> = {
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

/** Says what is wrong with a server's address, without showing it. `inPlaceOfUser` says where credentials belong. */
export function addressFault(
  value: unknown,
  inPlaceOfUser: Text,
  example = 'http://192.168.1.10:8086',
): Text | null {
  if (typeof value !== 'string') return anyText.fault(value);
  if (value === '') return null;
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null || !/^https?:\/\//i.test(value) || url.port === '0' || /\s/.test(value)) {
    return `must start with http:// or https:// and name a host, such as "${example}"`;
  }
  return url.username === '' && url.password === ''
    ? null
    : text`must be without user name and password: ${inPlaceOfUser}`;
}
