import type { MeterConfig } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { scheduleList } from '../config/schedule-kind.ts';
import { isCronExpression } from '../polling/schedule.ts';
import { Multical2MqttError, sentenceOf } from '../shared/errors.ts';
import type { OneShotOptions } from './one-shot.ts';

export interface WatchedMeterOptions
  extends Pick<OneShotOptions, 'port' | 'address' | 'timeoutAllowance' | 'wakeUp'> {
  /** As in the configuration: cron, the name of a preset, or several with `;` between them. */
  readonly schedule: string;
  /** Undefined: the main ones of the meter's family. */
  readonly registers: readonly number[] | undefined;
}

/** The configuration of a meter that is named on the command line. Error `usage` where the schedule is none. */
export function watchedMeter(options: WatchedMeterOptions): MeterConfig {
  const { port, registers = 'auto', schedule, ...meter } = options;
  const { fault, read } = scheduleList(isCronExpression);
  const schedules = read(schedule) as string | readonly string[];
  const complaint = fault(schedules);
  if (complaint !== null) throw new Multical2MqttError('usage', sentenceOf(`--schedule ${complaint}`));
  const { config } = loadConfig({
    // Nothing of the user's own configuration: neither a file nor the environment.
    environment: {},
    directory: NOWHERE,
    overrides: { 'meter.port': port, 'meter.name': 'The meter', 'meter.detailSchedule': 'never' },
    checkCron: isCronExpression,
  });
  const [defaults] = config.meters;
  if (defaults === undefined) throw new Error('a configuration with a port has a meter');
  return { ...defaults, ...meter, registers, schedule: schedules };
}

/** A folder in which there is no configuration. */
const NOWHERE = '/dev/null/nowhere';
