import { domoticzDevices } from './domoticz-kinds.ts';
import { influxdbTags } from './influxdb-kinds.ts';
import {
  anyText,
  days,
  filledText,
  flag,
  megabytes,
  oneOf,
  optionalFile,
  serverUrl,
  tcpPort,
  topic,
  webhookUrl,
} from './kinds.ts';
import type { ConfigKeys } from './schema.ts';

/** The keys of every output but MQTT. `quantities`: the names that Domoticz's devices can be given. */
export function outputKeys(directory: string, quantities: readonly string[]): ConfigKeys {
  return {
    waiting: {
      maxMegabytes: {
        doc: 'Most disk space of one output whose server is away, in megabytes.',
        kind: megabytes,
        default: 50,
        env: 'WAITING_MAX_MEGABYTES',
      },
      maxDays: {
        doc: 'What waits for longer than these days is given up.',
        kind: days,
        default: 365,
        env: 'WAITING_MAX_DAYS',
      },
    },
    influxdb: {
      enabled: enabled('Whether readings are written to InfluxDB.', 'INFLUXDB_ENABLED'),
      url: {
        doc: 'Address of the server.',
        kind: serverUrl,
        default: 'http://localhost:8086',
        env: 'INFLUXDB_URL',
      },
      database: text('Database of InfluxDB 1.x.', 'INFLUXDB_DATABASE'),
      username: text('User name at InfluxDB 1.x.', 'INFLUXDB_USERNAME'),
      password: secret('Password at InfluxDB 1.x.', 'INFLUXDB_PASSWORD'),
      org: text('Organisation of InfluxDB 2.x.', 'INFLUXDB_ORG'),
      bucket: text('Bucket of InfluxDB 2.x, database of 3.x.', 'INFLUXDB_BUCKET'),
      token: secret('Token at InfluxDB 2.x and 3.x.', 'INFLUXDB_TOKEN'),
      measurement: {
        doc: 'Name of the measurement.',
        kind: filledText,
        default: 'multical',
        env: 'INFLUXDB_MEASUREMENT',
      },
      tags: {
        doc: 'What each point is tagged with.',
        kind: influxdbTags,
        default: 'serial_number, name, model',
        env: 'INFLUXDB_TAGS',
      },
      units: {
        doc: 'Units as published, or the same for all meters.',
        kind: oneOf(['published', 'common']),
        default: 'published',
        env: 'INFLUXDB_UNITS',
      },
      ...certificates('INFLUXDB', directory),
    },
    domoticz: {
      enabled: enabled('Whether values are handed to Domoticz.', 'DOMOTICZ_ENABLED'),
      topic: {
        doc: 'Where Domoticz listens at the broker.',
        kind: topic,
        default: 'domoticz/in',
        env: 'DOMOTICZ_TOPIC',
      },
      url: {
        doc: 'Address of Domoticz, in place of MQTT.',
        kind: serverUrl,
        default: '',
        env: 'DOMOTICZ_URL',
      },
      username: text('User name at Domoticz.', 'DOMOTICZ_USERNAME'),
      password: secret('Password at Domoticz.', 'DOMOTICZ_PASSWORD'),
      devices: {
        doc: 'Number of the device for each quantity.',
        kind: domoticzDevices(quantities),
        default: '',
        env: 'DOMOTICZ_DEVICES',
      },
      ...certificates('DOMOTICZ', directory),
    },
    metrics: {
      enabled: enabled('Whether to serve metrics for Prometheus.', 'METRICS_ENABLED'),
      host: { doc: 'Address to serve them at.', kind: filledText, default: '127.0.0.1', env: 'METRICS_HOST' },
      port: { doc: 'Port to serve them at.', kind: tcpPort, default: 9464, env: 'METRICS_PORT' },
    },
    csv: {
      enabled: enabled('Whether readings are written to CSV files.', 'CSV_ENABLED'),
      directory: text('Folder of the files.', 'CSV_DIRECTORY'),
    },
    webhook: {
      enabled: enabled('Whether readings are posted to an address.', 'WEBHOOK_ENABLED'),
      url: { doc: 'The address.', kind: webhookUrl, default: '', env: 'WEBHOOK_URL', secret: true },
      secret: secret('What each post is signed with.', 'WEBHOOK_SECRET'),
      ...certificates('WEBHOOK', directory),
    },
  };
}

function enabled(doc: string, env: string) {
  return { doc, kind: flag, default: false, env };
}

function text(doc: string, env: string) {
  return { doc, kind: anyText, default: '', env };
}

function secret(doc: string, env: string) {
  return { doc, kind: anyText, default: '', env, secret: true as const };
}

function certificates(prefix: string, directory: string): ConfigKeys {
  return {
    ca: {
      doc: 'File with the certificate authority of the server.',
      kind: optionalFile(directory),
      default: '',
      env: `${prefix}_CA`,
    },
    rejectUnauthorized: {
      doc: 'Whether the server must show a valid certificate.',
      kind: flag,
      default: true,
      env: `${prefix}_REJECT_UNAUTHORIZED`,
    },
  };
}
