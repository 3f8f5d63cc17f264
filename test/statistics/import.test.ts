import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ImportOptions, importThrough } from '../../src/statistics/import.ts';
import type { LoggedHistory } from '../../src/statistics/points.ts';
import { undoThrough } from '../../src/statistics/undo.ts';
import { logged } from '../loggers/support/logged-rows.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { FakeHomeAssistant, TOTAL } from './support/fake-home-assistant.ts';
import { HEAT, heatRows, historyOf, rowAt, SERIAL_NUMBER } from './support/house.ts';

const STATISTIC = `sensor.${HEAT}`;
const JOURNAL = 'home-assistant-import.json';
const DAYS = historyOf(
  ...heatRows('day', {
    '2026-01-12T00:00:00+01:00': '80.000',
    '2026-01-13T00:00:00+01:00': '82.000',
    '2026-01-14T00:00:00+01:00': '84.950',
  }),
);
/** Home Assistant began to count on the 14th, at 84.960. */
const OWN = [
  ['2026-01-14T08:00Z', 84.97, 0.01],
  ['2026-01-14T09:00Z', 84.98, 0.02],
] as const;
const IMPORTED = [
  ['2026-01-11T22:00', 80, 0],
  ['2026-01-12T22:00', 82, 2],
  ['2026-01-13T22:00', 84.95, 4.95],
  ['2026-01-14T08:00', 84.97, 4.97],
  ['2026-01-14T09:00', 84.98, 4.98],
];

/** A Home Assistant, and a folder in which somebody remembers what was brought into it. */
class Trial {
  readonly home = new FakeHomeAssistant();
  readonly clock = new FakeClock(Date.parse('2026-01-15T09:30:00Z'));
  readonly dataDir = temporaryFolder();

  static withHeat(...rows: Parameters<FakeHomeAssistant['total']>[1]): Trial {
    const trial = new Trial();
    trial.home.total(HEAT, rows.length === 0 ? OWN : rows);
    return trial;
  }

  bring(history: LoggedHistory = DAYS, more: Partial<ImportOptions> = {}) {
    const { clock, dataDir, home } = this;
    return clock.runUntil(importThrough(home.ask, history, { clock, dataDir, ...more }));
  }

  undo() {
    const { clock, dataDir, home } = this;
    const meter = { serialNumber: SERIAL_NUMBER, name: 'House' };
    return clock.runUntil(undoThrough(home.ask, meter, { clock, dataDir }));
  }

  get rows() {
    return this.home.rows(STATISTIC);
  }
}

describe('a meter’s log in Home Assistant', () => {
  it('comes before what is there, without a jump, and says so', async () => {
    const trial = Trial.withHeat();
    const { lines, statistics } = await trial.bring();
    expect(trial.rows).toEqual(IMPORTED);
    expect(trial.home.changes(STATISTIC)).toEqual([0, 2, 2.95, 0.02, 0.01]);
    expect(lines).toEqual([
      `House, heat_energy (${STATISTIC}): 3 hours brought in, 2026-01-11 to 2026-01-13.`,
    ]);
    expect(statistics).toMatchObject([{ rows: 3, quantity: 'heat_energy', unit: 'GJ' }]);
  });

  it('names the statistic as Home Assistant does, and says each start in UTC', async () => {
    const trial = Trial.withHeat();
    await trial.bring();
    const [sent] = trial.home.sent('recorder/import_statistics');
    expect(sent?.metadata).toEqual({
      ...{ has_sum: true, mean_type: 0, name: null, source: 'recorder', statistic_id: STATISTIC },
      ...{ unit_class: 'energy', unit_of_measurement: 'GJ' },
    });
    expect(sent?.stats).toContainEqual(
      expect.objectContaining({ start: '2026-01-11T22:00:00.000Z', state: 80 }),
    );
    const asked = trial.home.sent('recorder/statistics_during_period');
    expect(asked[0]).toMatchObject({ units: { energy: 'GJ' } });
  });

  it('changes nothing a second time', async () => {
    const trial = Trial.withHeat();
    await trial.bring();
    const { lines } = await trial.bring();
    expect(trial.rows).toEqual(IMPORTED);
    expect(lines[0]).toContain('nothing to bring in');
    expect(trial.home.sent('recorder/import_statistics')).toHaveLength(1);
    expect(trial.home.sent('recorder/adjust_sum_statistics')).toHaveLength(1);
  });

  it('is only told in a dry run, by the day', async () => {
    const trial = Trial.withHeat();
    const { lines } = await trial.bring(DAYS, { dryRun: true });
    expect(lines).toEqual([
      '       day  heat_energy GJ',
      '2026-01-11               0',
      '2026-01-12               2',
      '2026-01-13            2.95',
      '',
      `House, heat_energy (${STATISTIC}): 3 hours would be brought in, 2026-01-11 to 2026-01-13.`,
    ]);
    expect(trial.rows).toHaveLength(OWN.length);
    expect(readdirSync(trial.dataDir)).toEqual([]);
  });

  it.each([
    'recorder/import_statistics',
    'recorder/adjust_sum_statistics',
  ])('is finished by the next run where %s was cut short', async (command) => {
    const trial = Trial.withHeat();
    trial.home.before = (type) => {
      if (type === command) throw new Error('the line is cut');
    };
    await expect(trial.bring()).rejects.toThrow('the line is cut');
    trial.home.before = () => {};
    await trial.bring();
    expect(trial.rows).toEqual(IMPORTED);
  });

  it('goes further back when older rows are known, and fills what lies between', async () => {
    const trial = Trial.withHeat();
    await trial.bring();
    const more = heatRows('day', { '2026-01-11T00:00:00+01:00': '79.000' });
    const hours = heatRows('hour', { '2026-01-14T09:00:00+01:00': '84.960' });
    await trial.bring(historyOf(...DAYS.rows('day'), ...more, ...hours));
    expect(trial.rows.map(([start, state]) => [start, state])).toEqual([
      ['2026-01-10T22:00', 79],
      ['2026-01-11T22:00', 80],
      ['2026-01-12T22:00', 82],
      ['2026-01-13T22:00', 84.95],
      ['2026-01-14T07:00', 84.96],
      ['2026-01-14T08:00', 84.97],
      ['2026-01-14T09:00', 84.98],
    ]);
    expect(trial.home.changes(STATISTIC)).toEqual([0, 1, 2, 2.95, 0.01, 0.01, 0.01]);
  });

  it('never writes the hour that runs, nor the one before it', async () => {
    const trial = new Trial();
    trial.home.total(HEAT, []);
    trial.home.fiveMinutes(STATISTIC, '2026-01-15T10:05Z', 85, 0);
    const hours = heatRows('hour', {
      '2026-01-15T08:00:00Z': '84.7',
      '2026-01-15T09:00:00Z': '84.8',
      '2026-01-15T10:00:00Z': '84.9',
    });
    await trial.bring(historyOf(...hours));
    expect(trial.rows).toEqual([['2026-01-15T07:00', 84.7, 0]]);
  });

  it('is in the unit of the statistic, whichever that is', async () => {
    const trial = new Trial();
    trial.home.total(HEAT, [['2026-01-14T08:00Z', 23606.7, 0.5]], { unit: 'kWh' });
    await trial.bring();
    expect(trial.rows).toEqual([
      ['2026-01-11T22:00', 22222.2, 0],
      ['2026-01-12T22:00', 22777.8, 555.6],
      ['2026-01-13T22:00', 23597.2, 1375],
      ['2026-01-14T08:00', 23606.7, 1384.5],
    ]);
    const [{ adjustment_unit_of_measurement } = {}] = trial.home.sent('recorder/adjust_sum_statistics');
    expect(adjustment_unit_of_measurement).toBe('kWh');
  });

  it('is left alone in a unit of another kind', async () => {
    const trial = new Trial();
    trial.home.total(HEAT, OWN, { unit: 't', unit_class: null });
    const { lines } = await trial.bring();
    expect(trial.rows).toHaveLength(OWN.length);
    expect(lines.join()).toContain('3 hours left alone: the meter counts it in GJ, Home Assistant in t');
  });

  it('says where Home Assistant has no statistics yet', async () => {
    const trial = new Trial();
    trial.home.entity(HEAT, 'sensor.renamed');
    const { lines } = await trial.bring();
    expect(lines).toContainEqual(expect.stringMatching(/sensor\.renamed.*has no statistics of it yet/));
  });

  it('is sent 10,000 rows at a time', async () => {
    const trial = Trial.withHeat();
    const first = Date.parse('2024-06-01T00:00:00Z');
    const hours = Array.from({ length: 12_000 }, (_, index) =>
      rowAt('hour', new Date(first + index * 3_600_000).toISOString(), [
        logged(60, (index / 1000).toFixed(3), 'GJ'),
      ]),
    );
    await trial.bring(historyOf(...hours));
    const sizes = trial.home
      .sent('recorder/import_statistics')
      .map(({ stats }) => (stats as unknown[]).length);
    expect(sizes).toEqual([10_000, 2_000]);
    expect(Math.min(...trial.home.changes(STATISTIC))).toBe(0);
  });

  it('brings mean temperatures into hours that have none', async () => {
    const trial = new Trial();
    const flow = `multical2mqtt_${SERIAL_NUMBER}_flow_temperature`;
    trial.home.mean(flow, [['2026-01-14T08:00Z', 66]]);
    const means = ['2026-01-14T08:00:00Z', '2026-01-14T09:00:00Z', '2026-01-14T10:00:00Z'].map((at) =>
      rowAt('hour', at, [logged(381, '65.20', '°C'), logged(86, '70.00', '°C')]),
    );
    await trial.bring(historyOf(...means));
    expect(trial.home.sorted(`sensor.${flow}`).map(({ mean, min }) => [mean, min])).toEqual([
      [65.2, null],
      [66, 65],
    ]);
    await trial.bring(historyOf(...means), { replace: true });
    expect(trial.home.sorted(`sensor.${flow}`).map(({ mean, min }) => [mean, min])).toEqual([
      [65.2, null],
      [65.2, 65],
    ]);
    await trial.undo();
    expect(trial.home.sorted(`sensor.${flow}`).map(({ mean, min, max }) => [mean, min, max])).toEqual([
      [null, null, null],
      [66, 65, 67],
    ]);
  });
});

describe('an answer that is not understood', () => {
  const ROW = { start: Date.parse('2026-01-14T08:00Z'), state: 84.97, sum: 0.01 };
  const METADATA = { ...TOTAL, statistic_id: STATISTIC, statistics_unit_of_measurement: 'GJ' };
  const ENTITY = { platform: 'mqtt', unique_id: HEAT, entity_id: STATISTIC, disabled_by: null };

  it.each([
    ['recorder/info', {}],
    ['recorder/info', { backlog: null }],
    ['config/entity_registry/list', {}],
    ['config/entity_registry/list', [null]],
    ['config/entity_registry/list', [{ ...ENTITY, platform: undefined }]],
    ['config/entity_registry/list', [{ ...ENTITY, unique_id: 7 }]],
    ['config/entity_registry/list', [{ ...ENTITY, disabled_by: undefined }]],
    ['recorder/get_statistics_metadata', {}],
    ['recorder/get_statistics_metadata', [{ ...METADATA, statistic_id: undefined }]],
    ['recorder/get_statistics_metadata', [{ ...METADATA, statistics_unit_of_measurement: undefined }]],
    ['recorder/get_statistics_metadata', [{ ...METADATA, unit_class: 7 }]],
    ['recorder/get_statistics_metadata', [{ ...METADATA, mean_type: undefined }]],
    ['recorder/get_statistics_metadata', [{ ...METADATA, has_sum: 1 }]],
    ['recorder/statistics_during_period', []],
    ['recorder/statistics_during_period', { [STATISTIC]: null }],
    ['recorder/statistics_during_period', { [STATISTIC]: [{ ...ROW, start: '2026-01-14T08:00Z' }] }],
    ['recorder/statistics_during_period', { [STATISTIC]: [ROW, { ...ROW, state: '84.97' }] }],
    ['energy/info', {}],
    ['energy/info', { cost_sensors: { [STATISTIC]: 7 } }],
  ])('of %s keeps everything out of it: %j', async (command, answer) => {
    const trial = Trial.withHeat();
    trial.home.strange.set(command, answer);
    await expect(trial.bring()).rejects.toThrow(`what ${command} answers is not understood`);
    trial.home.strange.clear();
    expect(trial.rows).toEqual(OWN.map(([start, state, sum]) => [start.slice(0, 16), state, sum]));
    expect(readdirSync(trial.dataDir)).toEqual([]);
  });

  it('takes nothing back', async () => {
    const trial = Trial.withHeat();
    await trial.bring();
    trial.home.strange.set('recorder/info', null);
    await expect(trial.undo()).rejects.toThrow('what recorder/info answers is not understood');
    expect(trial.rows).toEqual(IMPORTED);
  });

  it('is none where another integration has a unique id of its own kind', async () => {
    const trial = Trial.withHeat();
    trial.home.strange.set('config/entity_registry/list', [{ platform: 'hue', unique_id: 7 }, ENTITY]);
    await trial.bring();
    expect(trial.rows).toEqual(IMPORTED);
  });
});

describe('costs of the past', () => {
  const COST = 'sensor.heat_cost';

  function priced(source: Record<string, unknown>): Trial {
    const trial = Trial.withHeat();
    trial.home.costs = { [STATISTIC]: COST };
    trial.home.sources = [{ stat_energy_from: STATISTIC, type: 'gas', ...source }];
    trial.home.states = [{ entity_id: STATISTIC, attributes: { unit_of_measurement: 'GJ' } }];
    trial.home.total('cost', [['2026-01-14T09:00Z', 0.3, 0.3]], {
      unit: 'EUR',
      unit_class: null as never,
      id: COST,
    });
    return trial;
  }

  it('come of a fixed price in the Energy dashboard', async () => {
    const trial = priced({ number_energy_price: 30 });
    await trial.bring();
    expect(trial.home.changes(COST)).toEqual([0, 60, 88.5, 0.6, 0.3]);
    await trial.bring();
    expect(trial.home.changes(COST)).toEqual([0, 60, 88.5, 0.6, 0.3]);
    await trial.undo();
    expect(trial.home.changes(COST)).toEqual([0.3]);
  });

  it.each([
    ['energy/get_prefs', null],
    ['energy/get_prefs', { energy_sources: [7] }],
    ['energy/get_prefs', { energy_sources: [{ stat_energy_from: STATISTIC, number_energy_price: '30' }] }],
    ['get_states', {}],
    ['get_states', [{ entity_id: STATISTIC, attributes: { unit_of_measurement: 7 } }]],
  ])('are kept out, and all else, by an answer of %s that is not understood: %j', async (command, answer) => {
    const trial = priced({ number_energy_price: 30 });
    trial.home.strange.set(command, answer);
    await expect(trial.bring()).rejects.toThrow(`what ${command} answers is not understood`);
    expect(trial.home.sent('recorder/import_statistics')).toEqual([]);
  });

  it('come of the meter’s own price where an entity tells that of today alone', async () => {
    const trial = priced({ entity_energy_price: 'input_number.heat_price' });
    const { lines } = await trial.bring();
    expect(trial.home.changes(COST)).toEqual([0.3]);
    expect(lines.join()).toContain('what it cost then is not known');
    await trial.bring(DAYS, { price: { amount: 0.108, unit: 'kWh', quantities: ['heat_energy'] } });
    expect(trial.home.changes(COST)).toEqual([0, 60, 88.5, 0.6, 0.3]);
  });

  it('are finished by the next run where one was cut short', async () => {
    const trial = priced({ number_energy_price: 30 });
    trial.home.before = (type) => {
      if (type === 'recorder/adjust_sum_statistics' && trial.home.sent(type).length === 1)
        throw new Error('cut');
    };
    await expect(trial.bring()).rejects.toThrow('cut');
    trial.home.before = () => {};
    await trial.bring();
    expect(trial.home.changes(COST)).toEqual([0, 60, 88.5, 0.6, 0.3]);
  });
});

describe('taking it back', () => {
  const BEFORE = OWN.map(([start, state, sum]) => [start.slice(0, 16), state, sum]);
  const left = ({ rows }: Trial) => rows.filter(([, state]) => state !== null);

  it('leaves what Home Assistant had, as it was', async () => {
    const trial = Trial.withHeat();
    await trial.bring();
    const { lines } = await trial.undo();
    expect(left(trial)).toEqual(BEFORE);
    expect(lines).toEqual([`House, heat_energy (${STATISTIC}): 3 hours taken back.`]);
    expect((await trial.undo()).lines[0]).toContain('nothing was brought');
  });

  it('holds until somebody asks for it again', async () => {
    const trial = Trial.withHeat();
    await trial.bring(DAYS, { byItself: true });
    await trial.undo();
    const { lines } = await trial.bring(DAYS, { byItself: true });
    expect(lines).toEqual([
      expect.stringContaining('"multical2mqtt history --home-assistant" brings it in again'),
    ]);
    expect(left(trial)).toEqual(BEFORE);
    await trial.bring();
    expect(trial.rows).toEqual(IMPORTED);
    await trial.bring(historyOf(...heatRows('day', { '2026-01-11T00:00:00+01:00': '79.000' })), {
      byItself: true,
    });
    expect(trial.rows).toHaveLength(IMPORTED.length + 1);
  });

  it('holds for what came in several runs', async () => {
    const trial = Trial.withHeat();
    await trial.bring();
    const older = heatRows('day', { '2026-01-11T00:00:00+01:00': '79.000' });
    await trial.bring(historyOf(...older, ...DAYS.rows('day')));
    await trial.undo();
    expect(left(trial)).toEqual(BEFORE);
  });

  it('puts back what had to give way', async () => {
    const own = [...OWN, ['2026-01-14T10:00Z', 85, 0.04], ['2026-01-14T11:00Z', 85.2, 0.24]] as const;
    const trial = Trial.withHeat(...own);
    const hours = heatRows('hour', { '2026-01-14T11:00:00Z': '85.100' });
    const { lines } = await trial.bring(historyOf(...hours, ...DAYS.rows('day')), { replace: true });
    expect(lines[0]).toContain("1 of them in place of Home Assistant's own");
    expect(trial.home.changes(STATISTIC)).toEqual([0, 2, 2.95, 0.02, 0.01, 0.12, 0.1]);
    await trial.undo();
    expect(left(trial)).toEqual(own.map(([start, state, sum]) => [start.slice(0, 16), state, sum]));
  });

  it('leaves alone what somebody has changed since, and says so', async () => {
    const trial = Trial.withHeat();
    await trial.bring();
    const at = Date.parse('2026-01-12T22:00Z');
    const row = trial.home.statistics.get(STATISTIC)?.hours.get(at);
    if (row !== undefined) trial.home.statistics.get(STATISTIC)?.hours.set(at, { ...row, state: 81, sum: 1 });
    const { lines } = await trial.undo();
    expect(lines).toContainEqual(expect.stringContaining('1 hour left alone: somebody has changed them'));
    expect(left(trial)).toEqual([['2026-01-12T22:00', 81, 1], ...BEFORE]);
  });

  it('leaves sums alone that somebody has moved since, and says so', async () => {
    const trial = Trial.withHeat();
    await trial.bring();
    await trial.home.answers('recorder/adjust_sum_statistics', {
      ...{ statistic_id: STATISTIC, start_time: '2026-01-14T08:00Z', adjustment: 100 },
    });
    const { lines } = await trial.undo();
    expect(lines.join()).toContain('somebody has moved them since');
    expect(left(trial)).toEqual([
      ['2026-01-14T08:00', 84.97, 104.97],
      ['2026-01-14T09:00', 84.98, 104.98],
    ]);
  });

  it.each([
    'recorder/import_statistics',
    'recorder/adjust_sum_statistics',
  ])('is finished by the next one where %s was cut short', async (command) => {
    const trial = Trial.withHeat();
    await trial.bring();
    trial.home.before = (type) => {
      if (type === command) throw new Error('cut');
    };
    await expect(trial.undo()).rejects.toThrow('cut');
    trial.home.before = () => {};
    await trial.undo();
    expect(left(trial)).toEqual(BEFORE);
  });

  it('finds nothing to move where the import was cut short before anything was sent', async () => {
    const trial = Trial.withHeat();
    trial.home.before = (type) => {
      if (type === 'recorder/import_statistics') throw new Error('cut');
    };
    await expect(trial.bring()).rejects.toThrow('cut');
    trial.home.before = () => {};
    await trial.undo();
    expect(trial.rows).toEqual(BEFORE);
  });
});

describe('what is remembered of an import', () => {
  it('is written before anything is sent, for its owner alone', async () => {
    const trial = Trial.withHeat();
    const file = join(trial.dataDir, JOURNAL);
    trial.home.before = (type) => {
      if (type === 'recorder/import_statistics') expect(readFileSync(file, 'utf8')).toContain('84.95');
    };
    await trial.bring();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(trial.dataDir)).toEqual([JOURNAL]);
  });

  it('is not written over where it is damaged', async () => {
    const trial = Trial.withHeat();
    writeFileSync(join(trial.dataDir, JOURNAL), '{"statistics": {');
    await expect(trial.bring()).rejects.toThrow(/home-assistant-import\.json is damaged: .* from a backup/);
    expect(trial.home.sent('recorder/import_statistics')).toEqual([]);
  });

  it('is changed by one program at a time', async () => {
    const trial = Trial.withHeat();
    const both = Promise.allSettled([
      importThrough(trial.home.ask, DAYS, trial),
      importThrough(trial.home.ask, DAYS, trial),
    ]);
    const outcomes = await trial.clock.runUntil(both);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(trial.rows).toEqual(IMPORTED);
    // Somebody else's, who runs.
    writeFileSync(join(trial.dataDir, `${JOURNAL}.lock`), String(process.ppid));
    await expect(trial.bring()).rejects.toThrow('another program');
    // One that was killed.
    writeFileSync(join(trial.dataDir, `${JOURNAL}.lock`), '99999999');
    await trial.bring();
  });
});
