import { unitRatio } from '../../catalogue/units.ts';
import type { LoggedRow } from '../../loggers/logged-row.ts';
import type { MeterDiagnostics, MeterIdentity } from '../../meter/publisher.ts';
import { convertReading } from '../../readings/conversion.ts';
import type { Reading } from '../../readings/reading.ts';
import type { Clock } from '../../shared/clock.ts';
import { isWallTime } from '../../shared/credible-clock.ts';
import type { Outcome } from '../../shared/delivery.ts';
import { localTime } from '../../shared/zoned-time.ts';
import type { WaitingText } from '../../spool/spool.ts';
import { certainModel, type OutputParts } from '../output.ts';
import { ServerOutput } from '../server-output.ts';
import { type InfluxdbConfig, influxdb } from './config.ts';
import { byMoment, diagnosticsFields, fieldOf, linePoint } from './line-protocol.ts';
import { loggedFields } from './logged-fields.ts';
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
    for (const [time, values] of byMoment(fresh.map(this.shown)))
      this.putPoint(meter, this.config.measurement, fieldsOf(values), time);
  }

  /** Each at the end of its period; what ended nobody knows when has no place on an axis of time. */
  override logged(meter: MeterIdentity, rows: readonly LoggedRow[]): void {
    for (const row of rows)
      if (row.endedAt !== null)
        this.putPoint(meter, this.config.measurement, loggedFields(row, this.shown), row.endedAt);
  }

  override diagnosticsChanged(meter: MeterIdentity, diagnostics: MeterDiagnostics): void {
    const { measurement } = this.config;
    const now = this.clock.now();
    // Of a moment that nobody knows; the counters go on, and the next point has them.
    if (!isWallTime(now)) return;
    this.putPoint(meter, `${measurement}_diagnostics`, diagnosticsFields(diagnostics), now);
  }

  protected override send(batch: readonly WaitingText[], signal: AbortSignal): Promise<Outcome> {
    return this.server.write(
      batch.map(({ text }) => text),
      signal,
    );
  }

  private readonly shown = (reading: Reading): Reading =>
    this.config.units === 'common' ? inCommonUnit(reading) : reading;

  private putPoint(
    meter: MeterIdentity,
    measurement: string,
    fields: readonly (readonly [string, string])[],
    time: number,
  ): void {
    const tags = this.tagsOf(meter);
    // InfluxDB 3 refuses a field with the name of a tag, and the others cannot tell them apart in a query.
    const own = fields.filter(([key]) => tags.every(([tag]) => tag !== key));
    const line = linePoint({ measurement, tags, fields: own, time });
    if (line !== undefined) this.put(line);
  }

  private tagsOf(meter: MeterIdentity): readonly (readonly [string, string])[] {
    const known: Readonly<Record<string, string | null>> = {
      serial_number: meter.serialNumber,
      name: meter.name,
      model: certainModel(meter),
    };
    // InfluxDB 3 takes no other tags than those that the first point had.
    return this.config.tags.map(({ key, value }) => [key, value ?? known[key] ?? 'unknown']);
  }
}

function fieldsOf(readings: readonly Reading[]): readonly (readonly [string, string])[] {
  return readings.map(fieldOf).filter((field) => field !== undefined);
}

/** Values may be refused while what the bridge knows of its own work is taken. */
function measurementOf(line: string): string {
  return line.slice(0, line.search(/(?<!\\)[ ,]/));
}

/** One unit for each kind of amount. */
const COMMON = ['kWh', 'kW', 'm³', 'l/h'] as const;

/** The reading in the unit that all meters share; those of other kinds (°C, h) are the same everywhere anyway. */
export function inCommonUnit(reading: Reading): Reading {
  const unit = COMMON.find((each) => unitRatio(reading.unit, each) !== undefined);
  return (unit && convertReading(reading, unit)) ?? reading;
}
