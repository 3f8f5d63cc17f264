import type { ConfigKey, ConfigKeys } from './config-key.ts';
import { anyText, filledText, flag, list, oneOf, optionalFile } from './general-kinds.ts';
import {
  cron,
  cronOrNever,
  meterAddress,
  portName,
  registerList,
  timeoutAllowance,
  timezone,
} from './meter-kinds.ts';
import { brokerUrl, topic } from './mqtt-kinds.ts';
import { PRESETS } from './presets.ts';
import type { ValueKind } from './value-kind.ts';

/** The add-on's options but those of a meter, as Home Assistant's form has them; addon/config.yaml lists the same. */
export function addonKeys(): ConfigKeys {
  return {
    meters: { doc: 'The meters to read.', kind: list, default: [] },
    mqtt: {
      url: optional('A broker of your own.', brokerUrl),
      username: optional('User name at the broker.', anyText),
      password: optional('Password at the broker.', anyText),
      base_topic: optional('What all topics begin with.', topic),
      discovery_prefix: optional('Where Home Assistant looks for devices.', topic),
      ca: optional('File with the certificate authority, below /ssl.', optionalFile('/ssl')),
      verify_certificate: optional('Whether the broker must show a valid certificate.', flag),
    },
    log_level: optional('How much is logged.', oneOf(['error', 'warn', 'info', 'debug'])),
  };
}

/** The options of one meter. */
export function addonMeterKeys(checkCron: (expression: string) => boolean): ConfigKeys {
  return {
    name: optional('What people call the meter.', filledText),
    device: optional('The optical head at this machine.', portName),
    network: optional('The optical head in the network.', hostAndPort),
    device_path: optional('As `device`, but it may be unplugged when the add-on starts.', portName),
    preset: optional('When the main values are read.', oneOf(Object.keys(PRESETS))),
    schedule: optional('The same as a cron expression.', cron(checkCron)),
    detail_schedule: optional('When all other values are read.', cronOrNever(checkCron)),
    read_on_start: optional('Whether to read at start too.', flag),
    timezone: optional("Time zone of the schedules; empty: the system's.", timezone),
    registers: optional('What is read on schedule: auto, or numbers with commas.', registerText),
    address: optional('KMP destination address.', meterAddress),
    timeout_allowance: optional("Milliseconds on top of the protocol's timeouts.", timeoutAllowance),
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

/** Null: not given. Home Assistant's form leaves an empty text where somebody typed something and took it back. */
function optional(doc: string, { read, fault }: ValueKind): ConfigKey {
  const kind: ValueKind = {
    read,
    fault: (value) => (value === null || value === '' ? null : fault(value)),
  };
  return { doc, kind, default: null };
}
