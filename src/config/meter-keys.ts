import { amountKeys } from './amount-keys.ts';
import type { ConfigKeys } from './config-key.ts';
import { filledText, flag } from './general-kinds.ts';
import {
  cron,
  cronOrNever,
  meterAddress,
  portName,
  registerList,
  timeoutAllowance,
  timezone,
} from './meter-kinds.ts';

/** The keys of one meter. The environment variables serve a bridge with a single meter. */
export function meterKeys(
  checkCron: (expression: string) => boolean,
  quantities: readonly string[] = [],
): ConfigKeys {
  const schedule = cron(checkCron);
  return {
    name: { doc: 'What people call the meter.', kind: filledText, default: 'Heat meter', env: 'METER_NAME' },
    port: { doc: 'Where the optical head is.', kind: portName, default: '', env: 'METER_PORT' },
    address: { doc: 'KMP destination address.', kind: meterAddress, default: 0x3f, env: 'METER_ADDRESS' },
    // Hourly: the maker's battery tables assume at most one reading an hour.
    schedule: {
      doc: 'When the main values are read.',
      kind: schedule,
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
  };
}
