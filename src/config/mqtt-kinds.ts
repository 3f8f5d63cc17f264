import { describeValue } from './describe-value.ts';
import { anyText, filledText } from './general-kinds.ts';
import type { ValueKind } from './value-kind.ts';

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
