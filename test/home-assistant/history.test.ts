import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { R } from '../../src/catalogue/register.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { localDate, momentOf } from '../../src/shared/zoned-time.ts';
import type { Ask } from '../../src/statistics/connection.ts';
import { type ImportOptions, importHistory, importThrough } from '../../src/statistics/import.ts';
import type { LoggedHistory } from '../../src/statistics/points.ts';
import type { ImportReport, StatisticReport } from '../../src/statistics/report.ts';
import { undoImport } from '../../src/statistics/undo.ts';
import { hasMosquitto } from '../mqtt/support/mosquitto.ts';
import { Belongings } from './support/belongings.ts';
import { hasHomeAssistant } from './support/core.ts';
import { Household } from './support/household.ts';
import { loggedPast } from './support/logged-past.ts';
import type { Meter } from './support/meter.ts';
import { TimeLapse } from './support/time-lapse.ts';

/** Of the meters, of whoever reads them, and of Home Assistant. */
const ZONE = 'Europe/Copenhagen';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Of a day by its beginning: within the next one, also where a clock changes. */
const INTO_NEXT = 30 * HOUR;
/** GJ: the last digit of a 603. */
const DIGIT = 0.001;
/** A tenth of a kWh. */
const ROUNDED = 0.00036;
const GJ_PER_WH = 3.6e-6;
/** Of those that it keeps, each but the oldest has a day before it. */
const DAYS = 459;
/** The oldest days that Home Assistant tells of itself, and those that it was away: in days before today. */
const YEAR = 365;
const AWAY = [130, 100] as const;

/** A row of a statistic, in the statistic's own unit. */
interface Row {
  readonly start: number;
  readonly state: number;
  readonly sum: number;
  readonly change: number;
}

interface House {
  readonly name: string;
  readonly meter: Meter;
  readonly history: LoggedHistory;
  /** Of one unit of the statistic. */
  readonly gigajoules: number;
  readonly entity: string;
  /** What Home Assistant had counted before. */
  readonly own: readonly Row[];
}

describe.skipIf(!hasHomeAssistant() || !hasMosquitto())('into a Home Assistant that is lived in', () => {
  vi.stubEnv('TZ', ZONE);
  const household = new Household();
  const belongings = new Belongings(household);
  const lapse = new TimeLapse(household.home).install();
  const dataDir = mkdtempSync(join(tmpdir(), 'brought-in-'));
  const options: ImportOptions = { clock: systemClock, dataDir };
  const houses = new Map<string, House>();

  const house = (name: string): House => {
    const found = houses.get(name);
    if (found === undefined) throw new Error(`there is no house ${name}`);
    return found;
  };
  const ask = <Answer>(type: string, body?: Readonly<Record<string, unknown>>) =>
    household.home.api.ask<Answer>(type, body);
  const daysAgo = (moment: number): number => (systemClock.now() - moment) / DAY;

  async function rowsOf(id: string, period: '5minute' | 'hour' | 'day'): Promise<readonly Row[]> {
    const [metadata] = await ask<readonly { statistics_unit_of_measurement: string }[]>(
      'recorder/get_statistics_metadata',
      { statistic_ids: [id] },
    );
    const all = await ask<Readonly<Record<string, readonly Row[]>>>('recorder/statistics_during_period', {
      start_time: new Date(0).toISOString(),
      statistic_ids: [id],
      period,
      types: ['state', 'sum', 'change'],
      units: { energy: metadata?.statistics_unit_of_measurement },
    });
    return (all[id] ?? []).filter(({ state }) => state !== null);
  }

  const bringIn = (name: string, more: Partial<ImportOptions> = {}) =>
    importHistory(household.home.login, house(name).history, { ...options, ...more });

  const takeBack = (name: string) =>
    undoImport(household.home.login, { serialNumber: house(name).meter.serial, name }, options);

  const heatIn = ({ statistics }: ImportReport): StatisticReport | undefined =>
    statistics.find(({ quantity }) => quantity === 'heat_energy');

  /** Each day that Home Assistant shows, but today's, is what the house burnt between its midnights. */
  async function daysAreRight(name: string): Promise<void> {
    const { entity, meter, gigajoules } = house(name);
    const gigajoulesAt = (moment: number): number =>
      (meter.simulator.meters[0]?.pastTotals(moment).heatEnergy ?? 0) * GJ_PER_WH;
    const days = (await rowsOf(entity, 'day')).filter(({ start }) => daysAgo(start) > 2);
    expect(days.length).toBeGreaterThanOrEqual(DAYS);
    expect(days[0]?.change).toBeCloseTo(0, 6);
    for (const { start, change } of days.slice(1)) {
      const midnight = momentOf(`${localDate(start + INTO_NEXT, ZONE)}T00:00:00`, ZONE);
      const burnt = gigajoulesAt(midnight) - gigajoulesAt(start);
      // Both ends are cut to the meter's last digit, and rounded where they are converted.
      expect(Math.abs(change * gigajoules - burnt), localDate(start, ZONE)).toBeLessThan(DIGIT + ROUNDED);
    }
  }

  /** What it had counted itself stands there, with sums that were moved by one amount at most. */
  async function ownIsThere(name: string): Promise<void> {
    const { entity, own } = house(name);
    const now = new Map((await rowsOf(entity, 'hour')).map((row) => [row.start, row]));
    const moved = (now.get(own[0]?.start ?? 0)?.sum ?? Number.NaN) - (own[0]?.sum ?? 0);
    for (const { start, state, sum } of own) {
      expect(now.get(start)?.state).toBe(state);
      expect(now.get(start)?.sum).toBeCloseTo(sum + moved, 6);
    }
  }

  /** Hours that Home Assistant counted in an earlier year: what the meter showed then, from its reading `zero` on. */
  async function hasCounted(
    name: string,
    wanted: (age: number) => boolean,
    zeroAt: (age: number, zero: number) => number = (_, zero) => zero,
  ): Promise<void> {
    const { entity, history } = house(name);
    const [first] = await rowsOf(entity, '5minute');
    const zero = (first?.state ?? 0) - (first?.sum ?? 0);
    const own = history.rows('day').flatMap(({ endedAt, values }) => {
      if (endedAt === null || !wanted(daysAgo(endedAt))) return [];
      const state = Number(values.find(({ quantity }) => quantity === 'heat_energy')?.value);
      return [{ start: endedAt - HOUR, state, sum: state - zeroAt(daysAgo(endedAt), zero), change: 0 }];
    });
    await ask('recorder/import_statistics', {
      metadata: {
        ...{ has_sum: true, mean_type: 0, name: null, source: 'recorder', statistic_id: entity },
        ...{ unit_class: 'energy', unit_of_measurement: 'GJ' },
      },
      stats: own.map(({ start, state, sum }) => ({ start: new Date(start).toISOString(), state, sum })),
    });
    await household.eventually(async () => (await rowsOf(entity, 'hour')).length === own.length);
    houses.set(name, { ...house(name), own });
  }

  beforeAll(async () => {
    await household.start();
    await ask('config/core/update', { time_zone: ZONE });
    const known = new Map<string, Pick<House, 'meter' | 'history'>>();
    for (const [index, name] of ['Old', 'Anew', 'Kwh', 'Cut', 'Wrong'].entries()) {
      const meter = await household.meter('603', { serialNumber: 71_000_001 + index });
      known.set(name, { meter, history: await loggedPast(meter, name, ZONE) });
      meter.freeze();
    }
    const keys = [...known].map(([name, { meter }]) =>
      Household.keys(meter, name, name === 'Kwh' ? { units: { heat_energy: 'kWh' } } : {}),
    );
    household.bridge.start({ meters: keys });
    for (const [name, { meter, history }] of known) {
      await household.knows(meter);
      const entity = (await household.stateOf(meter, 'heat_energy'))?.entity_id ?? '';
      const gigajoules = name === 'Kwh' ? 0.0036 : 1;
      houses.set(name, { name, meter, history, entity, gigajoules, own: [] });
    }
    await lapse.fiveMinutes();
    await hasCounted('Old', (age) => age < YEAR && !(age < AWAY[0] && age > AWAY[1]));
    await hasCounted(
      'Anew',
      (age) => age < YEAR && !(age < AWAY[0] && age > AWAY[1]),
      (age, zero) => (age < AWAY[0] ? zero : zero + 5),
    );
    await hasCounted('Wrong', (age) => age < YEAR);
  });

  afterAll(async () => {
    await household.remove();
    rmSync(dataDir, { recursive: true, force: true });
    vi.unstubAllEnvs();
  });

  afterEach(async () => {
    expect(await ask('recorder/validate_statistics')).toEqual({});
    belongings.nothingIsSaidOfUs();
  });

  it('comes before what is there, and into the month in which it was away', async () => {
    expect(heatIn(await bringIn('Old'))?.leftAlone).toEqual([]);
    await ownIsThere('Old');
    await daysAreRight('Old');
  });

  it('leaves a gap alone behind which Home Assistant counts from another zero, and says so', async () => {
    const report = await bringIn('Anew');
    const isAway = (start: number) => daysAgo(start) < AWAY[0] - 2 && daysAgo(start) > AWAY[1] + 2;
    const hours = await rowsOf(house('Anew').entity, 'hour');
    expect(hours.filter(({ start }) => isAway(start))).toEqual([]);
    expect(heatIn(report)?.leftAlone).toEqual([
      { count: expect.any(Number), why: expect.stringContaining('another zero') },
    ]);
    await ownIsThere('Anew');
  });

  it('comes in the unit that the statistic has, whatever the user looks at', async () => {
    const { entity } = house('Kwh');
    await ask('config/entity_registry/update', {
      entity_id: entity,
      options_domain: 'sensor',
      options: { unit_of_measurement: 'MWh' },
    });
    await household.eventually(async () => {
      const state = (await household.home.api.states()).get(entity);
      return state?.attributes.unit_of_measurement === 'MWh';
    });
    expect(heatIn(await bringIn('Kwh'))?.unit).toBe('kWh');
    await daysAreRight('Kwh');
  });

  it('is finished by the next run where one was cut short before the sums were shifted', async () => {
    const cut: Ask = async (type, read, body) => {
      if (type === 'recorder/adjust_sum_statistics') throw new Error('cut');
      const found = read(await ask(type, body));
      if (found === undefined) throw new Error(`what ${type} answers is not understood`);
      return found;
    };
    await expect(importThrough(cut, house('Cut').history, options)).rejects.toThrow('cut');
    const [first] = await rowsOf(house('Cut').entity, 'hour');
    expect(first?.sum).toBeLessThan(-DIGIT);
    await bringIn('Cut');
    await daysAreRight('Cut');
    const before = await rowsOf(house('Cut').entity, 'hour');
    await bringIn('Cut');
    expect(await rowsOf(house('Cut').entity, 'hour')).toEqual(before);
  });

  it('takes the place of what is there only where that is wanted, and gives it back', async () => {
    const { entity, own } = house('Wrong');
    const at = own[200];
    if (at === undefined) throw new Error('it has counted less');
    const wrong = { start: new Date(at.start).toISOString(), state: at.state - 0.02, sum: at.sum - 0.02 };
    await ask('recorder/import_statistics', {
      metadata: {
        ...{ has_sum: true, mean_type: 0, name: null, source: 'recorder', statistic_id: entity },
        ...{ unit_class: 'energy', unit_of_measurement: 'GJ' },
      },
      stats: [wrong],
    });
    const stateThere = async () =>
      (await rowsOf(entity, 'hour')).find(({ start }) => start === at.start)?.state;
    await household.eventually(async () => (await stateThere()) === wrong.state);
    await bringIn('Wrong');
    expect(await stateThere()).toBe(wrong.state);
    expect(heatIn(await bringIn('Wrong', { replace: true }))).toMatchObject({ replaced: 1 });
    expect(await stateThere()).toBe(at.state);
    await daysAreRight('Wrong');
    await takeBack('Wrong');
    expect(await stateThere()).toBe(wrong.state);
  });

  it.each(['Old', 'Anew', 'Kwh', 'Cut'])('is taken back, and nothing else (%s)', async (name) => {
    await takeBack(name);
    const { entity, own } = house(name);
    const left = await rowsOf(entity, 'hour');
    expect(left.map(({ start }) => start)).toEqual(own.map(({ start }) => start));
    for (const [index, { state, sum }] of own.entries()) {
      expect(left[index]?.state).toBe(state);
      expect(left[index]?.sum).toBeCloseTo(sum, 6);
    }
  });

  it('lets Home Assistant go on from what it had counted', async () => {
    const { meter, entity } = house('Cut');
    meter.set(R.heatEnergy, meter.value(R.heatEnergy) + 0.5);
    await household.eventually(
      async () =>
        Number((await household.stateOf(meter, 'heat_energy'))?.state) === meter.value(R.heatEnergy),
    );
    await lapse.fiveMinutes();
    expect((await rowsOf(entity, '5minute')).at(-1)?.sum).toBeCloseTo(0.5, 6);
  });
});
