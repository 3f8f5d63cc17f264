import type { LoggerName } from '../catalogue/loggers.ts';
import type { Config } from '../config/keys.ts';
import type { LogShelf } from '../history/log-shelf.ts';
import { convertLogged } from '../loggers/logged-readings.ts';
import type { LoggedRow } from '../loggers/logged-row.ts';
import type { Span } from '../loggers/written-span.ts';
import type { Deps } from '../shared/deps.ts';
import type { HomeAssistantAccess } from '../statistics/connection.ts';
import type { LogTaker } from './hand-on.ts';
import { LogDuty } from './log-duty.ts';
import type { LogRoutineOptions } from './log-routine.ts';
import { PastStatistics } from './past-statistics.ts';

/** What the meters of a bridge wrote down themselves: where it is kept, and where else it goes. */
export interface MeterLogs {
  readonly shelf: LogShelf;
  /** Into Home Assistant's statistics; undefined: not there. */
  readonly access: HomeAssistantAccess | undefined;
}

interface JoinedWith extends Pick<Deps, 'clock' | 'logger'> {
  readonly config: Pick<Config, 'meters' | 'dataDir'>;
  readonly meterWith: (serialNumber: string) => LogRoutineOptions['source'] | undefined;
  readonly outputs: readonly LogTaker[];
  /** In which a meter's quantities were published last. */
  readonly unitsOf: (serialNumber: string) => Readonly<Record<string, string>>;
}

export function logDutyOf({ shelf, access }: MeterLogs, { config, ...parts }: JoinedWith): LogDuty {
  const { meters: configs, dataDir } = config;
  const statistics = access && new PastStatistics({ ...parts, access, configs, dataDir });
  return new LogDuty({ ...parts, configs, shelf, statistics });
}

/** What is kept of a meter's log, in the units of topics: `units`. */
export function publishedRows(
  shelf: LogShelf,
  units: Readonly<Record<string, string>>,
  serialNumber: string,
  logger: LoggerName,
  span: Span,
): readonly LoggedRow[] {
  const rows = shelf.ask((logs) => logs.rows(serialNumber, logger, span)) ?? [];
  return rows.map((row) => convertLogged(row, (quantity) => units[quantity]));
}
