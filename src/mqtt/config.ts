import { describeValue, type Fault, ref, type Text, text } from '../schema/fault.ts';
import { type Infer, key, type Validator } from '../schema/key.ts';
import {
  anyText,
  filledText,
  flag,
  hasControlCharacters,
  oneOf,
  optionalFile,
} from '../schema/validators.ts';

const SCHEMES = ['mqtt', 'mqtts', 'ws', 'wss'];
const STARTS = 'must start with mqtt://, mqtts://, ws:// or wss://';
const ENCODE = text`put user name and password into ${ref('mqtt.username')} and ${ref('mqtt.password')}, where any character is allowed`;

/** The address of the broker. It may hold a password, so no message shows more than its scheme. */
const brokerUrl: Validator<string> = {
  read: (text) => text.trim(),
  fault: (value) => {
    if (typeof value !== 'string') return anyText.fault(value);
    const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(value)?.[1];
    if (scheme === undefined) return `${STARTS}, such as "mqtt://localhost:1883"`;
    if (!SCHEMES.includes(scheme.toLowerCase())) return `${STARTS}, not ${describeValue(`${scheme}://`)}`;
    const url = URL.canParse(value) ? new URL(value) : null;
    if (url === null || url.hostname === '' || url.port === '0' || /\s/.test(value)) {
      return text`must be like "mqtt://host:1883", with a host and a port from 1 to 65535, without spaces; ${ENCODE}`;
    }
    // "mqtt://me:12/3@host" parses as port 12 of a host "me": the password would end up in the path.
    return `${url.pathname}${url.search}${url.hash}`.includes('@')
      ? text`has an @ after its host; ${ENCODE}`
      : null;
  },
};

/** User name and client id. */
const brokerText: Validator<string> = {
  read: anyText.read,
  fault: (value) =>
    anyText.fault(value) ??
    (hasControlCharacters(String(value)) ? 'must be without line ends and other control characters' : null),
};

export const topic: Validator<string> = {
  read: (text) => text.trim(),
  fault: (value) => {
    const wrong = filledText.fault(value);
    if (typeof value !== 'string' || wrong !== null) return wrong;
    if (hasControlCharacters(value))
      return `must be a topic without line ends and other control characters, over which a broker ends the connection, not ${describeValue(value)}`;
    const legal = !/[+#]/.test(value) && !/^[/$]/.test(value) && !value.endsWith('/');
    return legal
      ? null
      : `must be a topic without + and #, without $ at its start and without / at its start or end, not ${describeValue(value)}`;
  },
};

export const optionalTopic: Validator<string> = {
  read: topic.read,
  fault: (value): Text | null => (value === '' ? null : topic.fault(value)),
};

export const mqttKeys = {
  enabled: key('Whether there is a broker.', flag, true),
  url: key('Address of the broker.', brokerUrl, 'mqtt://localhost:1883'),
  username: key('User name at the broker.', brokerText, ''),
  password: key('Password at the broker.', anyText, '', { secret: true }),
  clientId: key('Client id; empty: made up.', brokerText, '', { addon: false }),
  baseTopic: key('What all topics begin with.', topic, 'multical2mqtt'),
  protocolVersion: key('4 is MQTT 3.1.1, 5 is MQTT 5.', oneOf([4, 5]), 4, { addon: false }),
  ca: key('File with the certificate authority.', optionalFile, ''),
  cert: key('File with our own certificate.', optionalFile, '', { addon: false }),
  key: key('File with the key of that certificate.', optionalFile, '', { addon: false }),
  rejectUnauthorized: key('Whether the broker must show a valid certificate.', flag, true, {
    addon: 'verify_certificate',
  }),
};

/** `url` never holds credentials: they are in `username` and `password`. */
export type MqttConfig = Infer<typeof mqttKeys>;

/** Values may still be of wrong types. */
export function mqttFaults({ cert, key }: MqttConfig): readonly Fault[] {
  if (cert !== '' && key === '')
    return [
      {
        path: 'mqtt.key',
        text: text`must be set too, because ${ref('mqtt.cert')} is: a certificate is of use only with its key`,
      },
    ];
  if (key !== '' && cert === '')
    return [
      {
        path: 'mqtt.cert',
        text: text`must be set too, because ${ref('mqtt.key')} is: a key is of use only with its certificate`,
      },
    ];
  return [];
}

/** Moves credentials out of the URL, where they would show up in logs, into the keys that they belong to. */
export function withoutUrlCredentials(mqtt: MqttConfig): MqttConfig {
  const { username, password } = new URL(mqtt.url);
  if (username === '' && password === '') return mqtt;
  return {
    ...mqtt,
    url: mqtt.url.replace(/\/\/[^/?#]*@/, '//'),
    username: mqtt.username || decoded(username),
    password: mqtt.password || decoded(password),
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
