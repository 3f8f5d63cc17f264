import { describe, expect, it, onTestFinished } from 'vitest';
import { DERIVED_QUANTITY_NAMES } from '../../../src/catalogue/derived-quantities.ts';
import { KNOWN_REGISTER_IDS, registerInfo } from '../../../src/catalogue/registers.ts';
import { diagnosticsFields } from '../../../src/outputs/influxdb/line-protocol.ts';
import { inCommonUnit } from '../../../src/outputs/influxdb/points.ts';
import { number, reading } from '../../readings/support/readings.ts';
import { eventually } from '../../support/eventually.ts';
import { DIAGNOSTICS } from '../support/meter-readings.ts';
import { filledIn, panelsOf, readDashboard } from './support/dashboard.ts';
import { COOLING, fiveDays, HEAT, TIMEZONE } from './support/five-days.ts';
import { hasInfluxd, Influxd } from './support/influxd.ts';
import { influxdbHome } from './support/influxdb-home.ts';

const dashboard = readDashboard();
const panels = panelsOf(dashboard);
const targets = panels.flatMap((panel) =>
  (panel.targets ?? []).map((target) => ({ panel, target, query: target.query })),
);
const DATA_SOURCE = { type: 'influxdb', uid: `\${DS_INFLUXDB}` };

/** Grafana's names of the units that `influxdb.units: "common"` gives. */
const GRAFANA_UNITS: Readonly<Record<string, string>> = {
  kWh: 'kwatth',
  kW: 'kwatt',
  'm³': 'm3',
  'l/h': 'litreh',
  '°C': 'celsius',
  K: 'kelvin',
};

describe('the structure of docs/grafana/multical.json', () => {
  it('asks for an InfluxDB when it is imported', () => {
    expect(dashboard.id).toBeNull();
    expect(dashboard.schemaVersion).toBeGreaterThanOrEqual(38);
    expect(dashboard.__inputs).toMatchObject([
      { name: 'DS_INFLUXDB', type: 'datasource', pluginId: 'influxdb' },
    ]);
  });

  it('has panels with numbers of their own', () => {
    const ids = [...dashboard.panels, ...panels].map(({ id }) => id);
    const rows = dashboard.panels.filter(({ type }) => type === 'row');
    expect(new Set(ids).size).toBe(panels.length + rows.length);
  });

  it('has no panel upon another one, and none that is too wide', () => {
    const taken = new Set<string>();
    for (const folder of [dashboard.panels, ...dashboard.panels.map((row) => row.panels ?? [])]) {
      taken.clear();
      for (const { title, gridPos } of folder) {
        expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
        for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
          for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
            expect(taken, title).not.toContain(`${x},${y}`);
            taken.add(`${x},${y}`);
          }
      }
    }
  });

  it.each(
    targets,
  )('has a query of its own in "$panel.title", for the InfluxDB that was chosen: $query', (each) => {
    const { panel, target, query } = each;
    expect(target).toMatchObject({ datasource: DATA_SOURCE, rawQuery: true });
    expect(panel.datasource).toEqual(DATA_SOURCE);
    expect(query).toMatch(/^SELECT .*WHERE "name" =~ \/\^\$meter\$\/ AND \$timeFilter/);
    expect(new Set(panel.targets?.map(({ refId }) => refId)).size).toBe(panel.targets?.length);
    const known = [...query.matchAll(/\$\{?(?!timeFilter|__interval|\/)(\w+)/g)].map(([, name]) => name);
    const variables = dashboard.templating.list.map(({ name }) => name);
    expect(variables).toEqual(expect.arrayContaining(known));
  });

  it.each(targets)('names fields that the bridge writes: $query', ({ query }) => {
    const quantities = [
      ...KNOWN_REGISTER_IDS.map((id) => registerInfo(id).quantity),
      ...DERIVED_QUANTITY_NAMES,
    ];
    const own = diagnosticsFields(DIAGNOSTICS).map(([key]) => key);
    const written = query.includes('_diagnostics') ? own : quantities;
    const named = fieldsIn(query);
    if (query.includes('/^problem_/')) expect(written.some((each) => each.startsWith('problem_'))).toBe(true);
    else expect(named).not.toHaveLength(0);
    for (const field of named) expect(written).toContain(field);
  });

  it.each([
    [60, 'GJ'],
    [63, 'MWh'],
    [68, 'l'],
    [74, 'm³/h'],
    [80, 'W'],
    [86, '°C'],
    [87, '°C'],
    [89, 'K'],
  ])('shows register %d in the unit that it is written in', (register, unit) => {
    const written = inCommonUnit(reading(register, number('1.0'), unit));
    const shown = targets.filter(({ query }) => fieldsIn(query).includes(written.quantity));
    expect(shown.length).toBeGreaterThan(0);
    for (const { panel, query } of shown) {
      const hourly = query.includes('derivative');
      const expected = GRAFANA_UNITS[hourly ? 'kW' : written.unit];
      expect(panel.fieldConfig?.defaults.unit, panel.title).toBe(expected);
    }
  });

  it('shows all that it costs the battery, and all of cooling', () => {
    const named = targets.flatMap(({ query }) => fieldsIn(query));
    expect(named).toEqual(
      expect.arrayContaining([
        ...['readings_today', 'wake_ups_today', 'transactions_today', 'bytes_today', 'seconds_awake_today'],
        ...['battery_ratio', 'failed_readings', 'cooling_energy', 'mean_cooling'],
      ]),
    );
  });
});

/** 10 kW on the second day, and 5 kW more with each day. */
const DAYS = [10, 15, 20, 25, 30];
const kWh = DAYS.map((power) => power * 24);
const TOTAL = 90e6 / 3600 + 13 * 5 + sum(kWh);
/** The first hour of the second day is before the first reading in it. */
const IN_THE_TIME = sum(kWh) - 10;
const each = (value: number): number[] => DAYS.map(() => value);
const hourly = DAYS.flatMap((power) => Array.from({ length: 24 }, () => power));

/** What each series must show: all its values, the first one and the last one, or only how many there are. */
const EXPECTED: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  'Heat energy, total': [[TOTAL]],
  'Heat energy in the time shown': [[IN_THE_TIME]],
  'Volume in the time shown': [[IN_THE_TIME / 40]],
  Power: [[30]],
  'Mean cooling': [[34.5]],
  'The meter says': [['no error']],
  'Heat energy per day': [kWh],
  'Power over time': [hourly, hourly],
  Flow: [hourly.map((power) => power * 25)],
  'Temperatures of the water': [hourly.map(() => 65.2), hourly.map(() => 30.2)],
  'Cooling of the water': [hourly.map(() => 35), each(34.5)],
  'Volume per day': [kWh.map((energy) => energy / 40)],
  'Info code': [hourly.map((_, hour) => (hour === 38 ? 8 : 0))],
  'Battery use': [[1.04]],
  'Readings, wake-ups and requests per day': [each(24), each(24), each(25)],
  'Battery use over time': [hourly.map(() => 1.04)],
  'Bytes per day': [each(24 * 91)],
  'Time awake per day': [each(40.8)],
  'Time of a reading': [hourly.map(() => 1.2)],
  'Trouble per day': [each(1), each(2), each(0), each(1)],
};
const EXPECTED_OF_COOLING: typeof EXPECTED = {
  'Cooling energy, total': [[TOTAL * 2]],
  'Cooling energy per day': [kWh.map((energy) => energy * 2)],
};

describe.skipIf(!hasInfluxd())('what docs/grafana/multical.json shows', () => {
  it('is what the meters counted', async () => {
    const server = await new Influxd().start();
    onTestFinished(() => server.remove());
    await server.query('CREATE DATABASE home');
    const home = influxdbHome({ url: server.url, database: 'home' }, { units: 'common' });
    const { midnight, end } = await fiveDays(home);
    await eventually(() => home.output.health.waiting === 0);
    expect(home.output.health).toMatchObject({ refused: 0, lost: 0, problem: null });

    const [meters] = dashboard.templating.list.filter(({ type }) => type === 'query');
    const names = await server.query(filled(meters?.query ?? '', HEAT.name), 'home');
    expect(names[0]?.values).toEqual([
      ['name', COOLING.name],
      ['name', HEAT.name],
    ]);

    for (const [meter, expected] of [
      [HEAT.name, EXPECTED],
      [COOLING.name, EXPECTED_OF_COOLING],
    ] as const)
      for (const [title, series] of Object.entries(expected)) {
        const panel = panels.find((each) => each.title === title);
        expect(panel?.targets, title).toHaveLength(series.length);
        for (const [index, values] of series.entries()) {
          const query = filled(panel?.targets?.[index]?.query ?? '', meter);
          const answers = await server.query(query, 'home');
          expect(answers, query).toHaveLength(1);
          const shown = answers[0]?.values.map(([, value]) => value) ?? [];
          expect(shown.map(rounded), query).toEqual(values.map(rounded));
        }
      }

    // Nothing is made up for what a meter does not have.
    for (const { panel, query } of targets.filter(({ panel }) => panel.title.startsWith('Cooling energy')))
      expect(await server.query(filled(query, HEAT.name), 'home'), panel.title).toEqual([]);

    const problems = panels.find(({ title }) => title === 'Problems')?.targets?.[0]?.query ?? '';
    const [lines] = await server.query(filled(problems, HEAT.name), 'home');
    expect(lines?.columns).toEqual(['time', 'problem_air', 'problem_burst']);
    expect(lines?.values).toHaveLength(hourly.length);
    expect(lines?.values.filter(([, air]) => air === true)).toHaveLength(1);
    const untold = panels.filter(({ title }) => !(title in EXPECTED || title in EXPECTED_OF_COOLING));
    expect(untold.map(({ title }) => title)).toEqual(['Problems']);

    function filled(query: string, meter: string): string {
      return filledIn(query, { meter, from: midnight, to: end, timezone: TIMEZONE });
    }
  });
});

/** Names in quotation marks, without those of tags, of the measurement, and of what the query itself gives a name. */
function fieldsIn(query: string): readonly string[] {
  const given = [...query.matchAll(/AS "(\w+)"/g)].map(([, name]) => name);
  const named = [...query.matchAll(/"(\w+)"/g)].map(([, name = '']) => name);
  return [...new Set(named)].filter((name) => !['name', 'serial_number', ...given].includes(name));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Floats: InfluxDB keeps them in binary. */
function rounded(value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 1e4) / 1e4 : value;
}
