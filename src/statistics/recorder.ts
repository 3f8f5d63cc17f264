import { type Clock, sleep } from '../shared/clock.ts';
import {
  backlogIn,
  done,
  type Entity,
  type Metadata,
  metadataIn,
  mqttEntitiesIn,
  rowsIn,
} from './answers.ts';
import { type Ask, type ConnectionOptions, cutShort } from './connection.ts';
import type { HourRow } from './hour-row.ts';

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
    const entities = await this.ask('config/entity_registry/list', mqttEntitiesIn);
    return new Map(entities.map((entity) => [entity.unique_id, entity]));
  }

  /** Those without statistics are left out. */
  async metadata(ids: readonly string[]): Promise<ReadonlyMap<string, Metadata>> {
    const all = await this.ask('recorder/get_statistics_metadata', metadataIn, { statistic_ids: ids });
    return new Map(all.map((each) => [each.statistic_id, each]));
  }

  /** All there are from then on, ascending, in the unit that they are kept in. */
  rows(
    { statistic_id, unit_class, statistics_unit_of_measurement: unit }: Metadata,
    period: 'hour' | '5minute',
    from = 0,
  ): Promise<readonly HourRow[]> {
    return this.ask('recorder/statistics_during_period', rowsIn(statistic_id), {
      start_time: new Date(from).toISOString(),
      statistic_ids: [statistic_id],
      period,
      types: ['state', 'sum', 'mean', 'min', 'max'],
      // Else they come in the unit that the entity has at the moment.
      ...(typeof unit_class === 'string' && unit !== null && { units: { [unit_class]: unit } }),
    });
  }

  /** `rows`: what they do not have is empty afterwards. */
  async write(metadata: Metadata, rows: readonly Partial<HourRow>[]): Promise<void> {
    for (let at = 0; at < rows.length; at += ROWS_AT_ONCE)
      await this.ask('recorder/import_statistics', done, {
        metadata: importMetadata(metadata),
        stats: rows.slice(at, at + ROWS_AT_ONCE).map(statOf),
      });
  }

  /** Adds to all sums of that moment and later. */
  async shift({ statistic_id, statistics_unit_of_measurement: unit }: Metadata, from: number, by: number) {
    await this.ask('recorder/adjust_sum_statistics', done, {
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
      const backlog = await this.ask('recorder/info', backlogIn);
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
