import type { Metadata } from '../../../src/statistics/answers.ts';
import type { Ask } from '../../../src/statistics/connection.ts';
import type { HourRow } from '../../../src/statistics/hour-row.ts';

const HOUR = 3_600_000;

interface Stat extends Partial<Omit<HourRow, 'start'>> {
  readonly start: string;
}

interface Statistic {
  readonly metadata: Metadata;
  hours: Map<number, HourRow>;
  fiveMinutes: HourRow[];
}

export const TOTAL = { has_sum: true, mean_type: 0, name: null, source: 'recorder' } as const;
export const MEAN = { has_sum: false, mean_type: 1, name: null, source: 'recorder' } as const;

/** The commands of a recorder, as a real one was seen to take them (test/home-assistant/meter-log.test.ts): an import replaces whole rows. */
export class FakeHomeAssistant {
  readonly asked: { readonly type: string; readonly body: Readonly<Record<string, unknown>> }[] = [];
  readonly entities: {
    entity_id: string;
    unique_id: string;
    platform: string;
    disabled_by: string | null;
  }[] = [];
  readonly statistics = new Map<string, Statistic>();
  /** Of the Energy dashboard. */
  costs: Record<string, string> = {};
  sources: Record<string, unknown>[] = [];
  states: { entity_id: string; attributes: Record<string, unknown> }[] = [];
  /** What it answers a command with, in place of what is right. */
  readonly strange = new Map<string, unknown>();
  /** Called before each command; may throw, as where the connection ends. */
  before: (type: string) => void = () => {};

  /** An entity of a meter whose statistic holds these rows: `[hour, state, sum]`. */
  total(
    uniqueId: string,
    rows: readonly (readonly [start: string, state: number, sum: number])[],
    { unit = 'GJ', unit_class = 'energy' as string | null, id = `sensor.${uniqueId}` } = {},
  ): void {
    this.entity(uniqueId, id);
    const hours = rows.map(([start, state, sum]) => [Date.parse(start), { ...NOTHING, state, sum }] as const);
    this.add({ ...TOTAL, statistic_id: id, unit_class, statistics_unit_of_measurement: unit }, hours);
  }

  mean(uniqueId: string, rows: readonly (readonly [start: string, mean: number])[], unit = '°C'): void {
    const id = `sensor.${uniqueId}`;
    this.entity(uniqueId, id);
    const metadata = { ...MEAN, unit_class: 'temperature', statistics_unit_of_measurement: unit };
    const hours = rows.map(([start, mean]) => {
      const row = { ...NOTHING, mean, min: mean - 1, max: mean + 1 };
      return [Date.parse(start), row] as const;
    });
    this.add({ ...metadata, statistic_id: id }, hours);
  }

  entity(unique_id: string, entity_id: string): void {
    this.entities.push({ unique_id, entity_id, platform: 'mqtt', disabled_by: null });
  }

  /** A row of five minutes, and with it what an hour will be compiled from. */
  fiveMinutes(id: string, start: string, state: number, sum: number): void {
    this.of(id).fiveMinutes.push({ ...NOTHING, start: Date.parse(start), state, sum });
  }

  /** `[hour, state, sum]` of all rows, empty ones as well. */
  rows(id: string): readonly (readonly [start: string, state: number | null, sum: number | null])[] {
    return this.sorted(id).map(({ start, state, sum }) => [
      new Date(start).toISOString().slice(0, 16),
      state,
      sum === null ? null : rounded(sum),
    ]);
  }

  /** What the dashboard shows: the difference of two sums, and of the first row its sum. */
  changes(id: string): readonly number[] {
    const sums = this.sorted(id).flatMap(({ sum }) => (sum === null ? [] : [sum]));
    return sums.map((sum, index) => rounded(sum - (sums[index - 1] ?? 0)));
  }

  sent(type: string): readonly Readonly<Record<string, unknown>>[] {
    return this.asked.filter((each) => each.type === type).map(({ body }) => body);
  }

  /** As over a connection. */
  readonly ask: Ask = async (type, read, body) => {
    const found = read(await this.answers(type, body));
    if (found === undefined) throw new Error(`what ${type} answers is not understood`);
    return found;
  };

  /** As it says it itself. */
  readonly answers = async (type: string, body: Readonly<Record<string, unknown>> = {}): Promise<unknown> => {
    this.before(type);
    this.asked.push({ type, body });
    return this.strange.has(type) ? this.strange.get(type) : this.answer(type, body);
  };

  sorted(id: string): readonly HourRow[] {
    return [...this.of(id).hours.values()].sort((one, other) => one.start - other.start);
  }

  private answer(type: string, body: Readonly<Record<string, unknown>>): unknown {
    switch (type) {
      case 'recorder/info':
        return { backlog: 0 };
      case 'config/entity_registry/list':
        return this.entities;
      case 'recorder/get_statistics_metadata':
        return (body.statistic_ids as readonly string[]).flatMap(
          (id) => this.statistics.get(id)?.metadata ?? [],
        );
      case 'recorder/statistics_during_period':
        return this.during(body);
      case 'recorder/import_statistics':
        return this.import(body.metadata as { statistic_id: string }, body.stats as readonly Stat[]);
      case 'recorder/adjust_sum_statistics':
        return this.adjust(
          String(body.statistic_id),
          Date.parse(String(body.start_time)),
          Number(body.adjustment),
        );
      case 'energy/info':
        return { cost_sensors: this.costs };
      case 'energy/get_prefs':
        return { energy_sources: this.sources };
      case 'get_states':
        return this.states;
      default:
        throw new Error(`unknown command ${type}`);
    }
  }

  private during({ statistic_ids, period, start_time }: Readonly<Record<string, unknown>>): unknown {
    const [id = ''] = statistic_ids as readonly string[];
    const all = period === 'hour' ? this.sorted(id) : this.of(id).fiveMinutes;
    const rows = all.filter(({ start }) => start >= Date.parse(String(start_time)));
    return rows.length === 0 ? {} : { [id]: rows };
  }

  private import({ statistic_id }: { readonly statistic_id: string }, stats: readonly Stat[]): null {
    for (const { start, ...values } of stats) {
      const at = Date.parse(start);
      if (at % HOUR !== 0) throw new Error('timestamps must be from the top of the hour');
      this.of(statistic_id).hours.set(at, { ...NOTHING, ...values, start: at });
    }
    return null;
  }

  private adjust(id: string, from: number, by: number): null {
    const statistic = this.of(id);
    const shifted = (row: HourRow): HourRow =>
      row.start < from || row.sum === null ? row : { ...row, sum: row.sum + by };
    statistic.hours = new Map([...statistic.hours].map(([at, row]) => [at, shifted(row)]));
    statistic.fiveMinutes = statistic.fiveMinutes.map(shifted);
    return null;
  }

  private add(metadata: Metadata, rows: readonly (readonly [number, Omit<HourRow, 'start'>])[]): void {
    const hours = new Map(rows.map(([start, row]) => [start, { ...row, start }]));
    this.statistics.set(metadata.statistic_id, { metadata, hours, fiveMinutes: [] });
  }

  private of(id: string): Statistic {
    const statistic = this.statistics.get(id);
    if (statistic === undefined) throw new Error(`there is no ${id}`);
    return statistic;
  }
}

const NOTHING = { state: null, sum: null, mean: null, min: null, max: null };

function rounded(number: number): number {
  return Number(number.toFixed(6));
}
