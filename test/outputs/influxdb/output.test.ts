import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Reading } from '../../../src/readings/reading.ts';
import { logged, loggedRow, TWO_DAYS } from '../../loggers/support/logged-rows.ts';
import { eventually } from '../../support/eventually.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import {
  DIAGNOSTICS,
  FEW,
  FLOW_TEMPERATURE,
  HEAT_ENERGY,
  METER,
  READ_AT,
  reading,
  VOLUME,
} from '../support/meter-readings.ts';
import { hasInfluxd, Influxd } from './support/influxd.ts';
import { influxdbHome } from './support/influxdb-home.ts';

/** A real InfluxDB 1.x with a database. */
async function serving(options: { auth?: boolean } = {}): Promise<Influxd> {
  const server = await new Influxd(options).start();
  onTestFinished(() => server.remove());
  await server.query('CREATE DATABASE home');
  return server;
}

const rowsOf = async (server: Influxd, statement: string): Promise<readonly object[]> => {
  const series = await server.query(statement, 'home');
  return series.flatMap(({ columns, values }) =>
    values.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]]))),
  );
};
const countOf = async (server: Influxd): Promise<number> =>
  ((await rowsOf(server, 'SELECT count(heat_energy) AS n FROM multical')) as { n: number }[])[0]?.n ?? 0;

/** The same reading at another time. */
const at = (reading: Reading, time: number): Reading => ({ ...reading, readAt: time });

describe.skipIf(!hasInfluxd())('the output to InfluxDB 1.x', () => {
  it('writes one point a reading, with its time, its tags and exact values', async () => {
    const server = await serving();
    const { output, publish } = influxdbHome({ url: server.url, database: 'home' });
    publish(FEW);
    await eventually(() => output.health.delivered === 1);
    expect(await rowsOf(server, 'SELECT * FROM multical')).toEqual([
      {
        time: READ_AT,
        serial_number: METER.serialNumber,
        name: METER.name,
        model: 'MULTICAL 403',
        heat_energy: 227.445,
        volume: 4127.1,
        flow_temperature: 65.2,
        max_power_year_date: '2026-01-15',
      },
    ]);
    expect(output.health).toMatchObject({ waiting: 0, refused: 0, lost: 0, problem: null });
  });

  it('writes a point for each reply of the meter, and each of them once', async () => {
    const server = await serving();
    const { output, publish } = influxdbHome({ url: server.url, database: 'home' });
    const reading = [HEAT_ENERGY, at(VOLUME, READ_AT + 70_000), at(FLOW_TEMPERATURE, READ_AT + 70_000)];
    publish(reading);
    publish(reading);
    await eventually(() => output.health.delivered === 4);
    expect(await rowsOf(server, 'SELECT heat_energy, volume, flow_temperature FROM multical')).toEqual([
      { time: READ_AT, heat_energy: 227.445, volume: null, flow_temperature: null },
      { time: READ_AT + 70_000, heat_energy: null, volume: 4127.1, flow_temperature: 65.2 },
    ]);
  });

  it('writes what was asked of the battery beside it', async () => {
    const server = await serving();
    const { output, clock } = influxdbHome({ url: server.url, database: 'home' });
    output.diagnosticsChanged(METER, DIAGNOSTICS);
    await eventually(() => output.health.delivered === 1);
    expect(await rowsOf(server, 'SELECT * FROM multical_diagnostics')).toMatchObject([
      {
        time: clock.now(),
        serial_number: METER.serialNumber,
        readings: 12,
        failed_readings: 2,
        wake_ups_today: 9,
        bytes_last_7_days: 19_000,
        seconds_awake_today: 15.4,
        battery_ratio: 1.04,
        last_reading_duration: 1.235,
      },
    ]);
  });

  it('writes what the meter wrote down where readings are, at the end of each period, however often it is told', async () => {
    const server = await serving();
    const { output, publish } = influxdbHome({ url: server.url, database: 'home' });
    publish([HEAT_ENERGY]);
    const nobodyKnowsWhen = {
      ...loggedRow(1, '2014-01-01T00:00:00', [logged(60, '1.000', 'GJ')]),
      endedAt: null,
    };
    output.logged(METER, [nobodyKnowsWhen, ...TWO_DAYS]);
    output.logged(METER, TWO_DAYS);
    // The day, the month and the year end at one moment.
    const newYear = [logged(60, '226.000', 'GJ')];
    for (const [logger, id] of [
      ['year', 12],
      ['month', 36],
      ['day', 630],
    ] as const)
      output.logged(METER, [loggedRow(id, '2026-01-01T00:00:00', newYear, logger)]);
    await eventually(() => output.health.delivered === 8);
    const heat = await rowsOf(
      server,
      'SELECT heat_energy, mean_flow_temperature_day AS mean, day_log, month_log, year_log FROM multical',
    );
    expect(heat.map((row) => Object.values(row))).toEqual([
      [Date.UTC(2025, 11, 31, 23), 226, null, 630, 36, 12],
      [Date.UTC(2026, 0, 14, 23), 227.1, 65.2, 644, null, null],
      [Date.UTC(2026, 0, 15, 23), 227.445, null, 645, null, null],
      [READ_AT, 227.445, null, null, null, null],
    ]);
    expect(output.health).toMatchObject({ waiting: 0, refused: 0, lost: 0, problem: null });
  });

  it('has the units, the name and the tags that were asked for', async () => {
    const server = await serving();
    const { output, publish } = influxdbHome(
      { url: server.url, database: 'home' },
      { measurement: 'the heat', units: 'common', tags: [{ key: 'site', value: 'cabin, north' }] },
    );
    publish([HEAT_ENERGY]);
    await eventually(() => output.health.delivered === 1);
    expect(await rowsOf(server, 'SELECT * FROM "the heat"')).toEqual([
      { time: READ_AT, site: 'cabin, north', heat_energy: 63_179.2 },
    ]);
  });

  it('has no field with the name of a tag', async () => {
    const server = await serving();
    const { output, publish } = influxdbHome({ url: server.url, database: 'home' });
    const number = reading({ id: 1001, unit: 0, integer: 6_655_443n, bytes: 4 });
    expect(number.quantity).toBe('serial_number');
    publish([HEAT_ENERGY, number]);
    await eventually(() => output.health.delivered === 1);
    expect(
      await rowsOf(server, `SELECT * FROM multical WHERE serial_number = '${METER.serialNumber}'`),
    ).toEqual([
      {
        time: READ_AT,
        serial_number: METER.serialNumber,
        name: METER.name,
        model: 'MULTICAL 403',
        heat_energy: 227.445,
      },
    ]);
  });

  it('has the same tags also while the model is not known', async () => {
    const server = await serving();
    const { output, publish } = influxdbHome({ url: server.url, database: 'home' });
    publish([HEAT_ENERGY], { ...METER, model: null });
    await eventually(() => output.health.delivered === 1);
    expect(await rowsOf(server, 'SELECT heat_energy, model FROM multical')).toEqual([
      { time: READ_AT, heat_energy: 227.445, model: 'unknown' },
    ]);
  });

  it('writes nothing of what an earlier run remembers, and no point without a value', async () => {
    const { output } = influxdbHome({ url: 'http://127.0.0.1:9', database: 'home' });
    output.readingTaken(METER, [], []);
    const none = { kind: 'unknown', value: null, decimals: 2, cause: 'no sensor' } as const;
    output.readingTaken(METER, [{ ...FLOW_TEMPERATURE, value: none }], []);
    expect(output.health.waiting).toBe(0);
  });

  it('names who it is where the server wants to know, and waits until it is let in', async () => {
    const server = await serving({ auth: true });
    const { username, password } = server;
    const wrong = influxdbHome({ url: server.url, database: 'home', username, password: 'hidden-wrong' });
    wrong.publish([HEAT_ENERGY]);
    await eventually(() => wrong.output.health.problem !== null);
    expect(wrong.output.health.problem).toMatch(/are influxdb.username and influxdb.password right, and may/);
    expect(wrong.logger.all.join('\n')).not.toContain('hidden');
    expect(await countOf(server)).toBe(0);
    await wrong.output.stop();
    const right = influxdbHome(
      { url: server.url, database: 'home', username, password },
      { directory: wrong.directory },
    );
    await eventually(() => right.output.health.delivered === 1);
    expect(await countOf(server)).toBe(1);
  });

  it('waits for a database that is not there yet, and says what to do', async () => {
    const server = await serving();
    const { output, publish, clock } = influxdbHome({ url: server.url, database: 'later' });
    publish([HEAT_ENERGY]);
    await eventually(() => output.health.problem !== null);
    expect(output.health.problem).toMatch(
      /does not know the database "later"; create it, or correct the name/,
    );
    await server.query('CREATE DATABASE later');
    await clock.advance(5_000);
    await eventually(() => output.health.delivered === 1 && output.health.problem === null);
  });

  it('loses no point and writes none twice while the server goes and comes and the bridge restarts', async () => {
    const server = await serving();
    const directory = temporaryFolder();
    let written = 0;
    for (let run = 0; run < 4; run++) {
      const { output, publish, clock } = influxdbHome({ url: server.url, database: 'home' }, { directory });
      for (let number = 0; number < 150; number++) {
        publish([at(HEAT_ENERGY, READ_AT + written++)]);
        if (number === 50) await server.stop();
        if (number % 10 === 0) await clock.advance(1_000);
      }
      // Stopped while the server is away: what waits is on disk.
      if (run % 2 === 0) {
        await output.stop();
        await server.start();
      } else {
        await server.start();
        await eventually(async () => {
          await clock.advance(10_000);
          return output.health.waiting === 0;
        });
        await output.stop();
      }
    }
    expect(await countOf(server)).toBe(written);
    const times = (await rowsOf(server, 'SELECT heat_energy FROM multical')) as { time: number }[];
    expect(times.map(({ time }) => time - READ_AT)).toEqual(Array.from({ length: written }, (_, n) => n));
  });

  it('sets a point aside that the server refuses for good, with the reason, and goes on', async () => {
    const server = await serving();
    // Somebody else has made the field a text, in the week of the reading: types are kept by week.
    await server.write('home', `multical flow_temperature="warm" ${READ_AT}`);
    const { output, publish, directory, logger } = influxdbHome({ url: server.url, database: 'home' });
    publish([at(HEAT_ENERGY, READ_AT)]);
    publish([at(FLOW_TEMPERATURE, READ_AT + 1)]);
    publish([at(VOLUME, READ_AT + 2), at(HEAT_ENERGY, READ_AT + 2)]);
    await eventually(() => output.health.delivered === 2 && output.health.refused === 1);
    expect(await countOf(server)).toBe(2);
    const file = join(directory, 'refused/influxdb.lp');
    expect(readFileSync(file, 'utf8')).toMatch(
      /^# 20\S+ partial write: field type conflict: .*\nmultical,.* flow_temperature=65.20 \d+\n$/,
    );
    expect(logger.said('error')).toEqual([
      expect.stringMatching(
        /^InfluxDB: A point is refused for good: partial write: .* set aside in \/.*lp\. Where other programs/,
      ),
    ]);
  });
});
