import type { LogStore } from '../history/log-store.ts';
import { convertLogged } from '../loggers/logged-readings.ts';
import type { MeterIdentity } from '../meter/publisher.ts';
import type { Output } from '../outputs/output.ts';

/** At once: years of hours must not be in memory together. */
const MOST_ROWS = 500;

/** What takes logged rows, or does not. */
export type LogTaker = Pick<Output, 'name' | 'logged'>;

/**
 * Hands each output what it has not got of a meter's log, whoever read it: this bridge, an earlier one, a command beside it; or
 * before the output was turned on. Errors of the file come through.
 */
export function handOn(
  logs: LogStore,
  meter: MeterIdentity,
  outputs: readonly LogTaker[],
  units: Readonly<Record<string, string>>,
): void {
  for (const output of outputs) {
    if (output.logged === undefined) continue;
    for (;;) {
      const { rows, done } = logs.nextFor(output.name, meter.serialNumber, MOST_ROWS);
      if (rows.length === 0) break;
      output.logged(
        meter,
        rows.map((row) => convertLogged(row, (quantity) => units[quantity])),
      );
      done();
    }
  }
}
