import {
  anyText,
  brokerUrl,
  filledText,
  flag,
  list,
  oneOf,
  optionalFile,
  optionalTopic,
  tcpPort,
  topic,
} from './kinds.ts';
import { outputKeys } from './output-keys.ts';
import type { ConfigKeys } from './schema.ts';

/**
 * All keys but those of a meter (`meter-keys.ts`). Relative certificate paths start at `directory`. `quantities`: the
 * names that there are, which belong to another layer.
 */
export function configKeys(directory: string, quantities: readonly string[] = []): ConfigKeys {
  const file = optionalFile(directory);
  return {
    // convict does nothing inside a list, so each meter is applied to keys of its own.
    meters: { doc: 'The meters to read.', kind: list, default: [] },
    mqtt: {
      enabled: { doc: 'Whether there is a broker.', kind: flag, default: true, env: 'MQTT_ENABLED' },
      url: {
        doc: 'Address of the broker.',
        kind: brokerUrl,
        default: 'mqtt://localhost:1883',
        env: 'MQTT_URL',
      },
      username: { doc: 'User name at the broker.', kind: anyText, default: '', env: 'MQTT_USERNAME' },
      password: {
        doc: 'Password at the broker.',
        kind: anyText,
        default: '',
        env: 'MQTT_PASSWORD',
        secret: true,
      },
      clientId: { doc: 'Client id; empty: made up.', kind: anyText, default: '', env: 'MQTT_CLIENT_ID' },
      baseTopic: {
        doc: 'What all topics begin with.',
        kind: topic,
        default: 'multical2mqtt',
        env: 'MQTT_BASE_TOPIC',
      },
      protocolVersion: {
        doc: '4 is MQTT 3.1.1, 5 is MQTT 5.',
        kind: oneOf([4, 5]),
        default: 4,
        env: 'MQTT_PROTOCOL_VERSION',
      },
      ca: { doc: 'File with the certificate authority.', kind: file, default: '', env: 'MQTT_CA' },
      cert: { doc: 'File with our own certificate.', kind: file, default: '', env: 'MQTT_CERT' },
      key: { doc: 'File with the key of that certificate.', kind: file, default: '', env: 'MQTT_KEY' },
      rejectUnauthorized: {
        doc: 'Whether the broker must show a valid certificate.',
        kind: flag,
        default: true,
        env: 'MQTT_REJECT_UNAUTHORIZED',
      },
    },
    homeAssistant: {
      enabled: {
        doc: 'Whether Home Assistant is told about the meters.',
        kind: flag,
        default: true,
        env: 'HOME_ASSISTANT_ENABLED',
      },
      discoveryPrefix: {
        doc: 'Where Home Assistant looks for devices.',
        kind: topic,
        default: 'homeassistant',
        env: 'HOME_ASSISTANT_DISCOVERY_PREFIX',
      },
      discovery: {
        doc: 'All of a device in one payload, or one payload for each entity.',
        kind: oneOf(['device', 'component']),
        default: 'device',
        env: 'HOME_ASSISTANT_DISCOVERY',
      },
      statusTopic: {
        doc: 'Where Home Assistant says that it started.',
        kind: topic,
        default: 'homeassistant/status',
        env: 'HOME_ASSISTANT_STATUS_TOPIC',
      },
    },
    compatibility: {
      valuesTopic: {
        doc: 'Topic of kamstrup-402-mqtt, for automations that know it.',
        kind: optionalTopic,
        default: '',
        env: 'COMPATIBILITY_VALUES_TOPIC',
      },
    },
    ...outputKeys(directory, quantities),
    language: {
      doc: 'What the texts about info codes are written in.',
      kind: oneOf(['en', 'da', 'nl', 'sv', 'de']),
      default: 'en',
      env: 'MULTICAL2MQTT_LANGUAGE',
    },
    dataDir: {
      doc: 'Folder for what survives a restart.',
      kind: filledText,
      default: './data',
      env: 'DATA_DIR',
    },
    log: {
      level: {
        doc: 'How much is logged.',
        kind: oneOf(['error', 'warn', 'info', 'debug']),
        default: 'info',
        env: 'LOG_LEVEL',
      },
      format: {
        doc: 'Lines for people or for programs.',
        kind: oneOf(['text', 'json']),
        default: 'text',
        env: 'LOG_FORMAT',
      },
    },
    web: {
      enabled: { doc: 'Whether to serve the status page.', kind: flag, default: false, env: 'WEB_ENABLED' },
      host: { doc: 'Address to serve it at.', kind: filledText, default: '127.0.0.1', env: 'WEB_HOST' },
      port: { doc: 'Port to serve it at.', kind: tcpPort, default: 8099, env: 'WEB_PORT' },
    },
  };
}
