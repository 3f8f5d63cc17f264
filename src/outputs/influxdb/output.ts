import type { LoggedRow } from '../../loggers/logged-row.ts';
import type { MeterDiagnostics, MeterIdentity } from '../../meter/publisher.ts';
import type { Reading } from '../../readings/reading.ts';
import type { Clock } from '../../shared/clock.ts';
import { isWallTime } from '../../shared/credible-clock.ts';
import type { Outcome } from '../../shared/delivery.ts';
import { localTime } from '../../shared/zoned-time.ts';
import type { WaitingText } from '../../spool/spool.ts';
import type { OutputParts } from '../output.ts';
import { ServerOutput } from '../server-output.ts';
import { type InfluxdbConfig, influxdb } from './config.ts';
import { byMoment, diagnosticsFields, fieldOf } from './line-protocol.ts';
import { loggedPoint, meterPoint, shownIn } from './points.ts';
import { InfluxdbServer } from './server.ts';

/** InfluxDB advises 5,000 points a request; the limit in bytes spares our own memory. */
const BATCH = { count: 5_000, bytes: 512_000 };

/**
 * InfluxDB 1.x, 2.x and 3.x: one point for each reply of the meter, of the values that it brought, at the time when it
 * was complete; and one for each period that the meter wrote down. Points are the same however often they are sent.
 */
export class InfluxdbOutput extends ServerOutput {
  private readonly config: InfluxdbConfig;
  private readonly clock: Clock;
  private readonly server: InfluxdbServer;

  constructor(config: InfluxdbConfig, parts: OutputParts) {
    super(influxdb, config, parts, {
      batch: BATCH,
      kindOf: measurementOf,
      refusedAdvice:
        'Where other programs have written other types there, begin anew with another influxdb.measurement; see docs/influxdb.md.',
      refusedName: 'influxdb.lp',
      // A comment of the line protocol, so that the file can be sent as it is once the reason is gone.
      refusedLines: ({ time, text }, reason) => `# ${localTime(time)} ${reason}\n${text}\n`,
    });
    this.config = config;
    this.clock = parts.clock;
    this.server = new InfluxdbServer(config, this.client);
  }

  protected override timedReading(meter: MeterIdentity, fresh: readonly Reading[]): void {
    for (const [time, values] of byMoment(fresh.map(shownIn(this.config))))
      this.putPoint(meterPoint(this.config, meter, fieldsOf(values), time));
  }

  override logged(meter: MeterIdentity, rows: readonly LoggedRow[]): void {
    for (const row of rows) this.putPoint(loggedPoint(this.config, meter, row));
  }

  override diagnosticsChanged(meter: MeterIdentity, diagnostics: MeterDiagnostics): void {
    const { measurement, tags } = this.config;
    const now = this.clock.now();
    // Of a moment that nobody knows; the counters go on, and the next point has them.
    if (!isWallTime(now)) return;
    const form = { measurement: `${measurement}_diagnostics`, tags };
    this.putPoint(meterPoint(form, meter, diagnosticsFields(diagnostics), now));
  }

  protected override send(batch: readonly WaitingText[], signal: AbortSignal): Promise<Outcome> {
    return this.server.write(
      batch.map(({ text }) => text),
      signal,
    );
  }

  private putPoint(line: string | undefined): void {
    if (line !== undefined) this.put(line);
  }
}

function fieldsOf(readings: readonly Reading[]): readonly (readonly [string, string])[] {
  return readings.map(fieldOf).filter((field) => field !== undefined);
}

/** Values may be refused while what the bridge knows of its own work is taken. */
function measurementOf(line: string): string {
  return line.slice(0, line.search(/(?<!\\)[ ,]/));
}
