import { type Clock, sleep } from '../shared/clock.ts';
import { fieldsOf, itemsOf } from '../shared/stored.ts';
import { type Ask, type ConnectionOptions, cutShort } from './connection.ts';
import type { HourRow } from './hour-row.ts';

/** An entity as its registry has it. */
export interface Entity {
  readonly entity_id: string;
  readonly unique_id: string;
  readonly platform: string;
  readonly disabled_by: string | null;
}

/** What a statistic is, as `recorder/get_statistics_metadata` says. */
export interface Metadata {
  readonly statistic_id: string;
  /** In which the rows are kept; what the entity shows may be another one. */
  readonly statistics_unit_of_measurement: string | null;
  readonly unit_class?: string | null;
  readonly mean_type?: number;
  readonly has_mean?: boolean;
  readonly has_sum: boolean;
  readonly name: string | null;
  readonly source: string;
}

/** Rows in one message: it ends the connection over one of 4 MiB, which 60,000 rows are (seen in Core 2026.11). */
const ROWS_AT_ONCE = 10_000;
/** Milliseconds between two looks at what it has done, and for how long it may be busy. */
const LOOK = 1_000;
const PATIENCE = 300_000;

/** The commands of Home Assistant's recorder (homeassistant/components/recorder/websocket_api.py). Each answer means "queued". */
export class Recorder {
  private readonly ask: Ask;
  private readonly clock: Clock;
  private readonly signal: AbortSignal | undefined;

  constructor(ask: Ask, { clock, signal }: ConnectionOptions) {
    this.ask = ask;
    this.clock = clock;
    this.signal = signal;
  }

  /** Of the MQTT integration, by unique id: users rename what they see. */
  async entities(): Promise<ReadonlyMap<string, Entity>> {
    const entities = await this.ask<readonly Entity[]>('config/entity_registry/list');
    return new Map(
      entities.filter(({ platform }) => platform === 'mqtt').map((entity) => [entity.unique_id, entity]),
    );
  }

  /** Those without statistics are left out. */
  async metadata(ids: readonly string[]): Promise<ReadonlyMap<string, Metadata>> {
    const all = await this.ask<readonly Metadata[]>('recorder/get_statistics_metadata', {
      statistic_ids: ids,
    });
    return new Map(all.map((each) => [each.statistic_id, each]));
  }

  /** All there are from then on, ascending, in the unit that they are kept in. */
  async rows(
    { statistic_id, unit_class, statistics_unit_of_measurement: unit }: Metadata,
    period: 'hour' | '5minute',
    from = 0,
  ): Promise<readonly HourRow[]> {
    const answer = await this.ask<unknown>('recorder/statistics_during_period', {
      start_time: new Date(from).toISOString(),
      statistic_ids: [statistic_id],
      period,
      types: ['state', 'sum', 'mean', 'min', 'max'],
      // Else they come in the unit that the entity has at the moment.
      ...(typeof unit_class === 'string' && unit !== null && { units: { [unit_class]: unit } }),
    });
    return itemsOf(fieldsOf(answer)[statistic_id], rowOf);
  }

  /** `rows`: what they do not have is empty afterwards. */
  async write(metadata: Metadata, rows: readonly Partial<HourRow>[]): Promise<void> {
    for (let at = 0; at < rows.length; at += ROWS_AT_ONCE)
      await this.ask('recorder/import_statistics', {
        metadata: importMetadata(metadata),
        stats: rows.slice(at, at + ROWS_AT_ONCE).map(statOf),
      });
  }

  /** Adds to all sums of that moment and later. */
  async shift({ statistic_id, statistics_unit_of_measurement: unit }: Metadata, from: number, by: number) {
    await this.ask('recorder/adjust_sum_statistics', {
      statistic_id,
      start_time: new Date(from).toISOString(),
      adjustment: by,
      adjustment_unit_of_measurement: unit,
    });
  }

  /** Whatever was queued, by us too in a run that was cut short, is done; false where it does not get there. */
  async isIdle(): Promise<boolean> {
    // What it does at the moment is not in its queue any more: twice nothing.
    let times = 0;
    return this.comesTrue(async () => {
      const { backlog } = await this.ask<{ readonly backlog: number }>('recorder/info');
      times = backlog === 0 ? times + 1 : 0;
      return times === 2;
    });
  }

  /** False where that takes too long. */
  async comesTrue(probe: () => Promise<boolean>): Promise<boolean> {
    const end = this.clock.monotonic() + PATIENCE;
    while (this.clock.monotonic() < end) {
      if (await probe()) return true;
      await sleep(this.clock, LOOK, this.signal);
      if (this.signal?.aborted) throw cutShort();
    }
    return false;
  }
}

/** As Home Assistant itself has it: an older one refuses keys that it does not know, and does not name them either. */
function importMetadata(metadata: Metadata): Readonly<Record<string, unknown>> {
  const { has_sum, has_mean, mean_type, unit_class, name, source, statistic_id } = metadata;
  return {
    has_sum,
    ...(mean_type === undefined ? { has_mean: has_mean === true } : { mean_type }),
    ...(unit_class !== undefined && { unit_class }),
    name,
    source,
    statistic_id,
    unit_of_measurement: metadata.statistics_unit_of_measurement,
  };
}

function statOf({ start, ...values }: Partial<HourRow>): Readonly<Record<string, unknown>> {
  const filled = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
  return { start: new Date(start ?? 0).toISOString(), ...Object.fromEntries(filled) };
}

function rowOf(item: unknown): HourRow | undefined {
  const { start, ...rest } = fieldsOf(item);
  const number = (name: string): number | null => (typeof rest[name] === 'number' ? rest[name] : null);
  if (typeof start !== 'number') return undefined;
  const [state, sum, mean, min, max] = ['state', 'sum', 'mean', 'min', 'max'].map(number);
  return {
    start,
    state: state ?? null,
    sum: sum ?? null,
    mean: mean ?? null,
    min: min ?? null,
    max: max ?? null,
  };
}
