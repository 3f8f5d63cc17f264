import { domoticzDevices } from './domoticz-kinds.ts';
import { influxdbTags } from './influxdb-kinds.ts';
import {
  anyText,
  brokerUrl,
  days,
  filledText,
  flag,
  list,
  megabytes,
  oneOf,
  optionalFile,
  serverUrl,
  topic,
  webhookUrl,
} from './kinds.ts';
import {
  cron,
  cronOrNever,
  gasPerGigaJoule,
  meterAddress,
  meterModel,
  portName,
  readingsADay,
  registerList,
  timeoutAllowance,
  timezone,
} from './meter-kinds.ts';
import { PRESETS } from './presets.ts';
import { type ConfigKey, type ConfigKeys, describeValue, type ValueKind } from './schema.ts';

/** Null: not given. Home Assistant's form leaves an empty text where somebody typed something and took it back. */
function optionalKey(doc: string, { read, fault }: ValueKind): ConfigKey {
  const kind: ValueKind = {
    read,
    fault: (value) => (value === null || value === '' ? null : fault(value)),
  };
  return { doc, kind, default: null };
}

/** Of whatever an add-on connects to. */
const optionalCertificates: ConfigKeys = {
  ca: optionalKey('File with the certificate authority, below /ssl.', optionalFile('/ssl')),
  verify_certificate: optionalKey('Whether the other side must show a valid certificate.', flag),
};

/** The add-on's options of every output but MQTT. */
function addonOutputKeys(): ConfigKeys {
  return {
    influxdb: {
      enabled: enabled('Whether readings are written to InfluxDB.'),
      url: optionalKey('Address of the server.', serverUrl),
      database: optionalKey('Database of InfluxDB 1.x.', anyText),
      username: optionalKey('User name at InfluxDB 1.x.', anyText),
      password: optionalKey('Password at InfluxDB 1.x.', anyText),
      org: optionalKey('Organisation of InfluxDB 2.x.', anyText),
      bucket: optionalKey('Bucket of InfluxDB 2.x, database of 3.x.', anyText),
      token: optionalKey('Token at InfluxDB 2.x and 3.x.', anyText),
      measurement: optionalKey('Name of the measurement.', filledText),
      tags: optionalKey('What each point is tagged with, with commas.', tagsText),
      units: optionalKey('Units as published, or the same for all meters.', oneOf(['published', 'common'])),
      ...optionalCertificates,
    },
    domoticz: {
      enabled: enabled('Whether values are handed to Domoticz.'),
      topic: optionalKey('Where Domoticz listens at the broker.', topic),
      url: optionalKey('Address of Domoticz, in place of MQTT.', serverUrl),
      username: optionalKey('User name at Domoticz.', anyText),
      password: optionalKey('Password at Domoticz.', anyText),
      devices: optionalKey('Number of the device for each quantity, with commas.', devicesText),
      ...optionalCertificates,
    },
    metrics: { enabled: enabled('Whether to serve metrics for Prometheus.') },
    csv: { enabled: enabled('Whether readings are written to CSV files.') },
    webhook: {
      enabled: enabled('Whether readings are posted to an address.'),
      url: optionalKey('The address.', webhookUrl),
      secret: optionalKey('What each post is signed with.', anyText),
      ...optionalCertificates,
    },
    waiting: {
      max_megabytes: optionalKey('Most disk space of one output whose server is away.', megabytes),
      max_days: optionalKey('What waits for longer than these days is given up.', days),
    },
  };
}

function enabled(doc: string): ConfigKey {
  return optionalKey(doc, flag);
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

/** The add-on's options but those of a meter, as Home Assistant's form has them; addon/config.yaml lists the same. */
export function addonKeys(): ConfigKeys {
  return {
    meters: { doc: 'The meters to read.', kind: list, default: [] },
    mqtt: {
      enabled: optionalKey('Whether readings go to a broker.', flag),
      url: optionalKey('A broker of your own.', brokerUrl),
      username: optionalKey('User name at the broker.', anyText),
      password: optionalKey('Password at the broker.', anyText),
      base_topic: optionalKey('What all topics begin with.', topic),
      discovery_prefix: optionalKey('Where Home Assistant looks for devices.', topic),
      discovery: optionalKey('One payload a device, or one an entity.', oneOf(['device', 'component'])),
      ...optionalCertificates,
    },
    ...addonOutputKeys(),
    language: optionalKey('Of the texts about info codes.', oneOf(['en', 'da', 'nl', 'sv', 'de'])),
    log_level: optionalKey('How much is logged.', oneOf(['error', 'warn', 'info', 'debug'])),
  };
}

/** The options of one meter. */
export function addonMeterKeys(checkCron: (expression: string) => boolean): ConfigKeys {
  return {
    name: optionalKey('What people call the meter.', filledText),
    device: optionalKey('The optical head at this machine.', portName),
    network: optionalKey('The optical head in the network.', hostAndPort),
    device_path: optionalKey('As `device`, but it may be unplugged when the add-on starts.', portName),
    preset: optionalKey('When the main values are read.', oneOf(Object.keys(PRESETS))),
    schedule: optionalKey('The same as a cron expression.', cron(checkCron)),
    detail_schedule: optionalKey('When all other values are read.', cronOrNever(checkCron)),
    read_on_start: optionalKey('Whether to read at start too.', flag),
    mains_powered: optionalKey('Whether the meter is on mains power.', flag),
    max_readings_per_day: optionalKey('More readings than these are not taken on one day.', readingsADay),
    model: optionalKey('Which meter it is; auto: what it answers decides.', meterModel),
    fine_energy: optionalKey('Whether the high-resolution registers are read each time too.', flag),
    mean_temperatures: optionalKey('Whether E8 and E9 are read each time too.', flag),
    heat_energy_in_kwh: optionalKey('Whether heat energy is published in kWh as well.', flag),
    gas_equivalent: optionalKey('Cubic metres of gas that stand for a GJ of heat.', gasPerGigaJoule),
    wake_up: optionalKey('What goes before a reading.', oneOf(['none', 'preamble'])),
    baud_rate: optionalKey('Bits a second of the line to the meter.', baudRateText),
    timezone: optionalKey("Time zone of the schedules; empty: the system's.", timezone),
    registers: optionalKey('What is read on schedule: auto, or numbers with commas.', registerText),
    address: optionalKey('KMP destination address.', meterAddress),
    timeout_allowance: optionalKey("Milliseconds on top of the protocol's timeouts.", timeoutAllowance),
  };
}

const hostAndPort: ValueKind = {
  read: portName.read,
  fault: (value) =>
    typeof value === 'string' && portName.fault(`tcp://${value}`) === null
      ? null
      : 'must be host:port, such as "192.168.1.20:2717" or "heat-head.local:6638"',
};

/** A form has texts only. */
const registerText: ValueKind = {
  read: registerList.read,
  fault: (value) => anyText.fault(value) ?? registerList.fault(registerList.read(String(value))),
};

/** A choice in a form is a text. */
const baudRateText: ValueKind = {
  read: (text) => text,
  fault: (value) => oneOf(['1200', '9600']).fault(String(value)),
};
