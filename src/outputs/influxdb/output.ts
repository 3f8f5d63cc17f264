import { unitRatio } from '../../catalogue/units.ts';
import { HttpClient } from '../../http/client.ts';
import type { MeterDiagnostics, MeterIdentity } from '../../meter/publisher.ts';
import { convertReading } from '../../readings/conversion.ts';
import type { Reading } from '../../readings/reading.ts';
import type { Clock, Random } from '../../shared/clock.ts';
import type { Logger } from '../../shared/logger.ts';
import { localTime } from '../../shared/zoned-time.ts';
import { WaitingRoom } from '../../spool/outbox.ts';
import { certainModel, type Output, type OutputHealth } from '../output.ts';
import { diagnosticsFields, fieldOf, linePoint } from './line-protocol.ts';
import { type InfluxdbAddress, InfluxdbServer } from './server.ts';

/** One unit for each kind of amount. */
const COMMON = ['kWh', 'kW', 'm³', 'l/h'] as const;

/** The reading in the unit that all meters share; those of other kinds (°C, h) are the same everywhere anyway. */
export function inCommonUnit(reading: Reading): Reading {
  const unit = COMMON.find((each) => unitRatio(reading.unit, each) !== undefined);
  return (unit && convertReading(reading, unit)) ?? reading;
}

/** A tag that the meter knows itself, or one with a value of the user's own. */
type Tag = { readonly key: string; readonly value?: string };

export interface InfluxdbOutputOptions {
  readonly server: InfluxdbAddress & { readonly ca: string; readonly rejectUnauthorized: boolean };
  readonly measurement: string;
  readonly tags: readonly Tag[];
  /** `common`: kWh, kW, m³ and l/h, whatever the meter has. */
  readonly units: 'published' | 'common';
  /** What waits is kept below. */
  readonly directory: string;
  readonly maxBytes: number;
  /** Milliseconds. */
  readonly maxAge: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly changed: () => void;
}

/** So many points (and bytes) a request: InfluxDB advises 5,000 points; the rest is for our own memory. */
const BATCH = { count: 5_000, bytes: 512_000 };

/**
 * InfluxDB 1.x, 2.x and 3.x: one point a reading, of the values that this reading brought, at the time when it was
 * taken. Points are the same however often they are sent.
 */
export class InfluxdbOutput implements Output {
  readonly name = 'influxdb';
  private readonly options: InfluxdbOutputOptions;
  private readonly client: HttpClient;
  private readonly room: WaitingRoom;

  constructor(options: InfluxdbOutputOptions) {
    this.options = options;
    this.client = new HttpClient(options.server);
    const server = new InfluxdbServer(options.server, this.client);
    this.room = new WaitingRoom({
      ...options,
      name: this.name,
      label: 'InfluxDB',
      noun: 'point',
      kindOf: measurementOf,
      refusedAdvice:
        'Where other programs have written other types there, begin anew with another influxdb.measurement; see docs/influxdb.md.',
      batch: BATCH,
      send: (batch, signal) =>
        server.write(
          batch.map(({ text }) => text),
          signal,
        ),
      refusedName: 'influxdb.lp',
      // A comment of the line protocol, so that the file can be sent as it is once the reason is gone.
      refusedLines: ({ time, text }, reason) => `# ${localTime(time)} ${reason}\n${text}\n`,
    });
  }

  get health(): OutputHealth {
    return this.room.health;
  }

  start(): void {
    this.room.start();
  }

  async stop(): Promise<void> {
    await this.room.stop();
    await this.client.close();
  }

  meterIdentified(): void {}

  readingTaken(meter: MeterIdentity, fresh: readonly Reading[]): void {
    const { measurement, units } = this.options;
    const readings = units === 'common' ? fresh.map(inCommonUnit) : fresh;
    const time = Math.max(...fresh.map(({ readAt }) => readAt));
    this.put(meter, measurement, fieldsOf(readings), time);
  }

  availabilityChanged(): void {}

  diagnosticsChanged(meter: MeterIdentity, diagnostics: MeterDiagnostics): void {
    const { measurement, clock } = this.options;
    this.put(meter, `${measurement}_diagnostics`, diagnosticsFields(diagnostics), clock.now());
  }

  /** What was written is history. */
  meterForgotten(): void {}

  private put(
    meter: MeterIdentity,
    measurement: string,
    fields: readonly (readonly [string, string])[],
    time: number,
  ): void {
    const tags = this.tagsOf(meter);
    // InfluxDB 3 refuses a field with the name of a tag, and the others cannot tell them apart in a query.
    const own = fields.filter(([key]) => tags.every(([tag]) => tag !== key));
    const line = linePoint({ measurement, tags, fields: own, time });
    if (line !== undefined) this.room.put(line);
  }

  private tagsOf(meter: MeterIdentity): readonly (readonly [string, string])[] {
    const known: Readonly<Record<string, string | null>> = {
      serial_number: meter.serialNumber,
      name: meter.name,
      model: certainModel(meter),
    };
    // InfluxDB 3 takes no other tags than those that the first point had.
    return this.options.tags.map(({ key, value }) => [key, value ?? known[key] ?? 'unknown']);
  }
}

function fieldsOf(readings: readonly Reading[]): readonly (readonly [string, string])[] {
  return readings.map(fieldOf).filter((field) => field !== undefined);
}

/** Values may be refused while what the bridge knows of its own work is taken. */
function measurementOf(line: string): string {
  return line.slice(0, line.search(/(?<!\\)[ ,]/));
}
