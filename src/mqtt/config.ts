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
import { accessIn, brokerUrls } from './broker-url.ts';

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
  enabled: key('Whether there is a broker, or another output instead.', flag, true),
  url: key(
    'Address: `mqtt://`, `mqtts://`, `ws://` or `wss://`; several as a list.',
    brokerUrls,
    'mqtt://localhost:1883',
  ),
  username: key('User name at the broker.', brokerText, ''),
  password: key('Password at the broker.', anyText, '', { secret: true }),
  clientId: key('Unique name at the broker; empty: made up.', brokerText, '', {
    addon: false,
  }),
  baseTopic: key('What all topics begin with; each bridge needs its own.', topic, 'multical2mqtt'),
  protocolVersion: key('4 is MQTT 3.1.1, of every broker.', oneOf([4, 5]), 4, { addon: false }),
  ca: key('PEM file of your own authority.', optionalFile, ''),
  cert: key('PEM file of our certificate.', optionalFile, '', { addon: false }),
  key: key('PEM file of its key.', optionalFile, '', { addon: false }),
  rejectUnauthorized: key('Whether invalid certificates are refused.', flag, true, {
    addon: 'verify_certificate',
  }),
};

/** No address holds credentials: those of a single one are in `username` and `password`. */
export type MqttConfig = Infer<typeof mqttKeys>;

/** Values may still be of wrong types. */
export function mqttFaults({ cert, key }: Pick<MqttConfig, 'cert' | 'key'>): readonly Fault[] {
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

/** Moves the credentials of a single address into the keys that they belong to. */
export function withoutUrlCredentials(mqtt: MqttConfig): MqttConfig {
  if (typeof mqtt.url !== 'string') return mqtt;
  const { url, username, password } = accessIn(mqtt.url);
  return { ...mqtt, url, username: mqtt.username || username, password: mqtt.password || password };
}
