import { addonOutputKeys } from './addon-output-keys.ts';
import { readingsADay } from './battery-kinds.ts';
import type { ConfigKeys } from './config-key.ts';
import { anyText, filledText, flag, list, oneOf } from './general-kinds.ts';
import {
  cron,
  cronOrNever,
  meterAddress,
  portName,
  registerList,
  timeoutAllowance,
  timezone,
} from './meter-kinds.ts';
import { meterModel } from './meter-model-kind.ts';
import { brokerUrl, topic } from './mqtt-kinds.ts';
import { optionalKey as optional, optionalCertificates } from './optional-key.ts';
import { PRESETS } from './presets.ts';
import { gasPerGigaJoule } from './unit-kinds.ts';
import type { ValueKind } from './value-kind.ts';

/** The add-on's options but those of a meter, as Home Assistant's form has them; addon/config.yaml lists the same. */
export function addonKeys(): ConfigKeys {
  return {
    meters: { doc: 'The meters to read.', kind: list, default: [] },
    mqtt: {
      enabled: optional('Whether readings go to a broker.', flag),
      url: optional('A broker of your own.', brokerUrl),
      username: optional('User name at the broker.', anyText),
      password: optional('Password at the broker.', anyText),
      base_topic: optional('What all topics begin with.', topic),
      discovery_prefix: optional('Where Home Assistant looks for devices.', topic),
      discovery: optional('One payload a device, or one an entity.', oneOf(['device', 'component'])),
      ...optionalCertificates,
    },
    ...addonOutputKeys(),
    language: optional('Of the texts about info codes.', oneOf(['en', 'da', 'nl', 'sv', 'de'])),
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
    mains_powered: optional('Whether the meter is on mains power.', flag),
    max_readings_per_day: optional('More readings than these are not taken on one day.', readingsADay),
    model: optional('Which meter it is; auto: what it answers decides.', meterModel),
    fine_energy: optional('Whether the high-resolution registers are read each time too.', flag),
    mean_temperatures: optional('Whether E8 and E9 are read each time too.', flag),
    heat_energy_in_kwh: optional('Whether heat energy is published in kWh as well.', flag),
    gas_equivalent: optional('Cubic metres of gas that stand for a GJ of heat.', gasPerGigaJoule),
    wake_up: optional('What goes before a reading.', oneOf(['none', 'preamble'])),
    baud_rate: optional('Bits a second of the line to the meter.', baudRateText),
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

/** A choice in a form is a text. */
const baudRateText: ValueKind = {
  read: (text) => text,
  fault: (value) => oneOf(['1200', '9600']).fault(String(value)),
};
