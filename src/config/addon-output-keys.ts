import type { ConfigKey, ConfigKeys } from './config-key.ts';
import { describeValue } from './describe-value.ts';
import { domoticzDevices } from './domoticz-kinds.ts';
import { anyText, filledText, flag, oneOf } from './general-kinds.ts';
import { influxdbTags } from './influxdb-kinds.ts';
import { topic } from './mqtt-kinds.ts';
import { optionalKey as optional, optionalCertificates } from './optional-key.ts';
import { days, megabytes, serverUrl, webhookUrl } from './server-kinds.ts';
import type { ValueKind } from './value-kind.ts';

/** The add-on's options of every output but MQTT. */
export function addonOutputKeys(): ConfigKeys {
  return {
    influxdb: {
      enabled: enabled('Whether readings are written to InfluxDB.'),
      url: optional('Address of the server.', serverUrl),
      database: optional('Database of InfluxDB 1.x.', anyText),
      username: optional('User name at InfluxDB 1.x.', anyText),
      password: optional('Password at InfluxDB 1.x.', anyText),
      org: optional('Organisation of InfluxDB 2.x.', anyText),
      bucket: optional('Bucket of InfluxDB 2.x, database of 3.x.', anyText),
      token: optional('Token at InfluxDB 2.x and 3.x.', anyText),
      measurement: optional('Name of the measurement.', filledText),
      tags: optional('What each point is tagged with, with commas.', tagsText),
      units: optional('Units as published, or the same for all meters.', oneOf(['published', 'common'])),
      ...optionalCertificates,
    },
    domoticz: {
      enabled: enabled('Whether values are handed to Domoticz.'),
      topic: optional('Where Domoticz listens at the broker.', topic),
      url: optional('Address of Domoticz, in place of MQTT.', serverUrl),
      username: optional('User name at Domoticz.', anyText),
      password: optional('Password at Domoticz.', anyText),
      devices: optional('Number of the device for each quantity, with commas.', devicesText),
      ...optionalCertificates,
    },
    metrics: { enabled: enabled('Whether to serve metrics for Prometheus.') },
    csv: { enabled: enabled('Whether readings are written to CSV files.') },
    webhook: {
      enabled: enabled('Whether readings are posted to an address.'),
      url: optional('The address.', webhookUrl),
      secret: optional('What each post is signed with.', anyText),
      ...optionalCertificates,
    },
    waiting: {
      max_megabytes: optional('Most disk space of one output whose server is away.', megabytes),
      max_days: optional('What waits for longer than these days is given up.', days),
    },
  };
}

function enabled(doc: string): ConfigKey {
  return optional(doc, flag);
}

/** A form has texts only. */
const tagsText: ValueKind = {
  read: influxdbTags.read,
  fault: (value) => anyText.fault(value) ?? influxdbTags.fault(value),
};

/** `heat_energy=12, power=13 usage`. Which quantities there are is asked later, of the configuration. */
const devicesText: ValueKind = {
  read: domoticzDevices([]).read,
  fault: (value) => {
    if (typeof value !== 'string') return anyText.fault(value);
    const pairs = devicesText.read(value) as readonly (readonly string[])[];
    return pairs.every(({ length }) => length === 2)
      ? domoticzDevices([]).fault(pairs)
      : `must name the number of a device for each quantity, such as "heat_energy=12, power=13 usage", not ${describeValue(value)}`;
  },
};
