import { filledText, flag, oneOf } from './kinds.ts';
import {
  cronOrNever,
  gasPerGigaJoule,
  interval,
  meterAddress,
  meterModel,
  portName,
  power,
  readingsADay,
  registerList,
  timeoutAllowance,
  timezone,
  wantedUnits,
} from './meter-kinds.ts';
import { scheduleList } from './presets.ts';
import type { ConfigKeys } from './schema.ts';

/** The keys of one meter that say what is made of its amounts. `quantities`: the names that units can be chosen for. */
function amountKeys(quantities: readonly string[]): ConfigKeys {
  return {
    fineEnergy: {
      doc: 'Whether the high-resolution registers are read on `schedule` too.',
      kind: flag,
      default: false,
      env: 'METER_FINE_ENERGY',
    },
    meanTemperatures: {
      doc: 'Whether E8 and E9 are read on `schedule` too.',
      kind: flag,
      default: false,
      env: 'METER_MEAN_TEMPERATURES',
    },
    heatEnergyInKwh: {
      doc: 'Whether heat energy is published in kWh as well.',
      kind: flag,
      default: false,
      env: 'METER_HEAT_ENERGY_IN_KWH',
    },
    gasEquivalent: {
      doc: 'Cubic metres of gas that stand for a GJ of heat; 0: none.',
      kind: gasPerGigaJoule,
      default: 0,
      env: 'METER_GAS_EQUIVALENT',
    },
    units: {
      doc: 'Units to publish in, by quantity.',
      kind: wantedUnits(quantities),
      default: '',
      env: 'METER_UNITS',
    },
  };
}

/** The keys of one meter. The environment variables serve a bridge with a single meter. */
export function meterKeys(
  checkCron: (expression: string) => boolean,
  quantities: readonly string[] = [],
): ConfigKeys {
  return {
    name: { doc: 'What people call the meter.', kind: filledText, default: 'Heat meter', env: 'METER_NAME' },
    port: { doc: 'Where the optical head is.', kind: portName, default: '', env: 'METER_PORT' },
    address: { doc: 'KMP destination address.', kind: meterAddress, default: 0x3f, env: 'METER_ADDRESS' },
    model: {
      doc: 'Which meter it is; auto: what it answers decides.',
      kind: meterModel,
      default: 'auto',
      env: 'METER_MODEL',
    },
    baudRate: {
      doc: 'Bits a second of the line to the meter.',
      kind: oneOf([1200, 9600]),
      default: 1200,
      env: 'METER_BAUD_RATE',
    },
    // Hourly: the maker's battery tables assume at most one reading an hour.
    schedule: {
      doc: 'When the main values are read.',
      kind: scheduleList(checkCron),
      default: '0 * * * *',
      env: 'METER_SCHEDULE',
    },
    detailSchedule: {
      doc: 'When all other values are read.',
      kind: cronOrNever(checkCron),
      default: '30 3 * * *',
      env: 'METER_DETAIL_SCHEDULE',
    },
    readOnStart: {
      doc: 'Whether to read at start too.',
      kind: flag,
      default: true,
      env: 'METER_READ_ON_START',
    },
    timezone: {
      doc: "Time zone of the schedules; empty: the system's.",
      kind: timezone,
      default: '',
      env: 'METER_TIMEZONE',
    },
    registers: {
      doc: 'What is read on `schedule`.',
      kind: registerList,
      default: 'auto',
      env: 'METER_REGISTERS',
    },
    ...amountKeys(quantities),
    timeoutAllowance: {
      doc: "Milliseconds on top of the protocol's timeouts.",
      kind: timeoutAllowance,
      default: null,
      env: 'METER_TIMEOUT_ALLOWANCE',
    },
    wakeUp: {
      doc: 'What goes before a reading.',
      kind: oneOf(['none', 'preamble']),
      default: 'none',
      env: 'METER_WAKE_UP',
    },
    mainsPowered: {
      doc: 'Whether the meter is on mains power.',
      kind: flag,
      default: false,
      env: 'METER_MAINS_POWERED',
    },
    battery: {
      maxReadingsPerDay: {
        doc: 'More readings than these are not taken on one day.',
        kind: readingsADay,
        default: null,
        env: 'METER_BATTERY_MAX_READINGS_PER_DAY',
      },
    },
    burst: {
      above: {
        doc: 'The power above which the meter is read more often.',
        kind: power,
        default: null,
        env: 'METER_BURST_ABOVE',
      },
      every: {
        doc: 'How often it is read meanwhile.',
        kind: interval,
        default: null,
        env: 'METER_BURST_EVERY',
      },
    },
  };
}
