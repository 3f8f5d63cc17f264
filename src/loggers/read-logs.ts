import type { LoggerName } from '../catalogue/loggers.ts';
import type { MeterClient } from '../link/client.ts';
import type { Clock } from '../shared/clock.ts';
import { isWallTime } from '../shared/credible-clock.ts';
import { Multical2MqttError, sentenceOf } from '../shared/errors.ts';
import { type LoggingMeter, lookAt } from './first-look.ts';
import type { LogParts, LogVisit } from './log-parts.ts';
import type { LogReading, LogWalkResult } from './log-reading.ts';
import { LogWalk } from './log-walk.ts';
import { SameMeter } from './same-meter.ts';

/** With what any log of one meter is read. */
export interface LogSource extends Omit<LogParts, 'look'> {
  readonly client: MeterClient;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
}

/**
 * Reads one logger after the other. Ends early where the meter is not heard any more, or the line goes away: what came
 * until then is with `got`, and the results say where it ended.
 */
export async function readLogs(
  { access, client, visit, memory, clock }: LogSource,
  meter: LoggingMeter,
  reading: LogReading,
): Promise<readonly LogWalkResult[]> {
  const { loggers } = reading;
  if (!isWallTime(clock.now()))
    return unread(loggers, 'The clock of the computer is not set yet: the log is read when it is.');
  try {
    const look = await visit((session) => lookAt(meter, client, session, clock));
    reading.looked?.(look.totals);
    const same = new SameMeter(client, clock, look.serialNumber);
    const surely: LogVisit = (use) => visit((session) => same.said(session, () => use(session)));
    const results: LogWalkResult[] = [];
    for (const [index, logger] of loggers.entries()) {
      const walk = new LogWalk(logger, { access, visit: surely, memory, look }, reading);
      try {
        results.push(await walk.run());
      } catch (error) {
        const reason = reasonOf(error);
        results.push(walk.result(false, reason));
        // What one log has is no trouble of the others.
        if (!isOfOneLog(error)) return [...results, ...unread(loggers.slice(index + 1), reason)];
      }
    }
    return results;
  } catch (error) {
    return unread(loggers, reasonOf(error));
  }
}

function isOfOneLog(error: unknown): boolean {
  return error instanceof Multical2MqttError && error.code === 'failed';
}

function reasonOf(error: unknown): string {
  if (error instanceof Multical2MqttError) return sentenceOf(error);
  throw error;
}

export function unread(loggers: readonly LoggerName[], reason: string): readonly LogWalkResult[] {
  return loggers.map((logger) => ({ logger, rows: 0, isComplete: false, reason }));
}
