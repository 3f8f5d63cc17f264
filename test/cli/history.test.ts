import {
  closeSync,
  existsSync,
  openSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { Big } from 'big.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openHistory } from '../../src/history/file.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { runCli } from '../support/run-cli.ts';
import { FAST, servedMeter } from '../support/served-meter.ts';
import { canMount, smallDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SPEED = ['--baud-rate', String(FAST)];
const DAY = 86_400_000;
const WH_PER_GJ = new Big(1e9).div(3600);
const ZONE = 'Europe/Copenhagen';

// A simulated meter shows the time of the place where it runs: that of the house, wherever the tests do.
beforeEach(() => {
  vi.stubEnv('TZ', ZONE);
});

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A configured meter with a log, and the command for it. */
async function house(meter: Parameters<typeof servedMeter>[0] = {}, ...faults: string[]) {
  return houseWith(join(temporaryFolder(), 'data'), meter, ...faults);
}

async function houseWith(
  dataDir: string,
  meter: Parameters<typeof servedMeter>[0] = {},
  ...faults: string[]
) {
  const served = await servedMeter({ model: '603', ...meter }, ...faults);
  const file = join(temporaryFolder(), 'bridge.json');
  writeFileSync(
    file,
    JSON.stringify({ dataDir, meters: [{ name: 'House', port: served.port, timezone: ZONE }] }),
  );
  const ask = (...words: string[]) => runCli(['history', '--config', file, ...words, ...SPEED]);
  return { ...served, file, dataDir, ask };
}

/** Numbers of the rows that were sent since the beginning, each as often as it was sent. */
const sentBy = ({ statistics }: Simulator): readonly number[] => statistics.logged.flatMap(({ ids }) => ids);
const rowsOf = (csv: string): readonly string[][] =>
  csv
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
const daysAgo = (days: number): string => new Date(Date.now() - days * DAY).toISOString().slice(0, 10);

describe('the history that a meter keeps itself', () => {
  it('is what was burnt, to the last digit, by the meter’s time and that of the house', async () => {
    const { ask, simulator } = await house();
    const { code, out } = await ask('--format', 'csv');
    expect(code).toBe(0);
    expect(out.split('\n')[0]).toBe(
      'logger,id,meter_time,time,serial_number,heat_energy (GJ),volume (m³),mean_flow_temperature_day (°C),mean_return_temperature_day (°C)',
    );
    const rows = rowsOf(out);
    expect(rows.length).toBe(460);
    for (const [logger, , meterTime, time = '', , energy = ''] of rows) {
      const burnt = simulator.meters[0]?.pastTotals(Date.parse(time)).heatEnergy ?? 0;
      expect([logger, energy]).toEqual(['day', new Big(burnt).div(WH_PER_GJ).toFixed(3, 0)]);
      expect(meterTime?.slice(11)).toBe('00:00:00');
      expect(Math.abs(Date.parse(time) - Date.parse(`${meterTime}+01:00`))).toBeLessThanOrEqual(3_600_000);
    }
  });

  it('is a table for a person, also of a meter an hour behind, and the cost is said before anything is asked', async () => {
    vi.stubEnv('TZ', 'UTC');
    const { ask } = await house();
    const { code, out, err } = await ask('--from', daysAgo(40), '--logger', 'month,day');
    expect(code).toBe(0);
    expect(out).toMatch(/^month log\nended +by the meter's clock +row +heat_energy \(GJ\) +volume \(m³\)\n/);
    expect(out).toMatch(/\n\nday log\nended +by the meter's clock +row +heat_energy/);
    expect(out).toMatch(
      /\n\d{4}-\d\d-\d\d 0[12]:00:00 +\d{4}-\d\d-\d\d 00:00:00 +\d+ +\d+\.\d{3} +\d+\.\d\d +\d+\.\d\d +\d+\.\d\d\n/,
    );
    expect(err).toMatch(
      /^Reading \d+ rows? of the month log: about .* in \d+ requests.*\. Ctrl\+C ends it\.$/m,
    );
    expect(err).toMatch(/^Reading \d+ rows of the day log: about /m);
  });

  it('shows how far it is on a terminal', async () => {
    const { file } = await house();
    const { err } = await runCli(['history', '--config', file, '--from', daysAgo(30), ...SPEED], {
      terminal: true,
    });
    expect(err).toMatch(/\rday log: \d+ of (\d+) rows.*\rday log: \1 of \1 rows\n/s);
  });

  it('is JSON with exact values, and line protocol at the end of each period', async () => {
    const { ask } = await house();
    const { rows, meter } = JSON.parse((await ask('--from', daysAgo(2), '--format', 'json')).out);
    expect(meter).toEqual({ serialNumber: '80713078', name: 'House' });
    const [{ id, endedAt, values }] = rows.slice(-1);
    expect(values.heat_energy).toEqual({
      value: expect.stringMatching(/^\d+\.\d{3}$/),
      unit: 'GJ',
      register: 60,
    });
    const { out } = await ask('--from', daysAgo(2), '--format', 'influx', '--cached');
    expect(out.trim().split('\n').at(-1)).toBe(
      `multical,model=unknown,name=House,serial_number=80713078 heat_energy=${values.heat_energy.value},volume=${values.volume.value},mean_flow_temperature_day=${values.mean_flow_temperature_day.value},mean_return_temperature_day=${values.mean_return_temperature_day.value},day_log=${id}i ${Date.parse(endedAt)}`,
    );
  });

  it('is all that a log holds where that is wanted', async () => {
    const { ask } = await house();
    const { out } = await ask('--from', daysAgo(2), '--all', '--format', 'json');
    expect(Object.keys(JSON.parse(out).rows[0].values).length).toBeGreaterThan(8);
  });
});

describe('what is known', () => {
  it('is not asked for again, and is there without the meter', async () => {
    const { ask, simulator, dataDir } = await house();
    const first = await ask('--format', 'csv');
    const sent = sentBy(simulator).length;
    const second = await ask('--format', 'csv');
    expect(second.out).toBe(first.out);
    expect(second.err).toBe('');
    expect(sentBy(simulator).length - sent).toBeLessThanOrEqual(5);
    const { requests } = simulator.statistics;
    const cached = await ask('--cached', '--format', 'csv');
    expect(cached).toEqual({ code: 0, out: first.out, err: '' });
    expect(simulator.statistics.requests).toBe(requests);
    expect(statSync(join(dataDir, 'history.db')).mode & 0o777).toBe(0o600);
  });

  it.each([
    'newest',
    'oldest',
  ])('goes on where a reading was ended, which began with the %s', async (order) => {
    const { file, simulator, ask } = await house({ logReplyBytes: 300 });
    const ended = new AbortController();
    const first = await runCli(['history', '--config', file, '--order', order, '--format', 'csv', ...SPEED], {
      signal: ended.signal,
      terminal: true,
      onErr: (text) => {
        if (/ [1-9]\d* of 460 rows/.test(text)) ended.abort();
      },
    });
    expect(first.code).toBe(1);
    expect(first.err).toMatch(/Not all was read\. What came is kept: the same command goes on from there\./);
    const some = rowsOf(first.out).length;
    expect(some).toBeGreaterThan(0);
    expect(some).toBeLessThan(460);
    const second = await ask('--order', order, '--format', 'csv');
    expect([second.code, rowsOf(second.out).length]).toEqual([0, 460]);
    const sent = sentBy(simulator);
    // The range, and the newest known row, which is compared.
    expect(sent.length - new Set(sent).size).toBeLessThanOrEqual(12);
  });

  it('costs nothing more, and what the rest costs is said', async () => {
    const { ask } = await house();
    await ask('--from', daysAgo(3));
    const { err } = await ask();
    const [, rows] = /^Reading (\d+) rows of the day log: about .* kB in \d+ requests/.exec(err) ?? [];
    expect(Number(rows)).toBeGreaterThan(450);
    expect(Number(rows)).toBeLessThan(460);
  });

  it('is of no use where nothing is known yet', async () => {
    const { ask, simulator } = await house();
    expect(await ask('--cached')).toEqual({
      code: 1,
      out: '',
      err: "Nothing of this meter's log is known yet. Leave --cached out to read it.\n",
    });
    expect(simulator.statistics.requests).toBe(0);
  });

  it('is not paid for by the battery where it could not be kept', async () => {
    const { ask, dataDir, simulator } = await house();
    writeFileSync(dataDir, 'a file in its way');
    const { code, out, err } = await ask('--from', daysAgo(2));
    expect([code, out, err]).toEqual([
      1,
      '',
      expect.stringMatching(
        /history\.db cannot be written: EEXIST.*\. Let .*the meter is not asked, for the sake/,
      ),
    ]);
    expect(simulator.statistics.requests).toBe(0);
  });

  it.skipIf(!existsSync('/proc/self'))('ends where the system has no folder of that name', async () => {
    const { ask, simulator } = await houseWith('/proc/nope/data');
    expect(await ask()).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^The history \/proc\/nope\/data\/history\.db cannot be written: ENOENT/),
    });
    expect(simulator.statistics.requests).toBe(0);
  });

  describe.skipIf(!canMount())('on a disk that becomes full', () => {
    const fill = (folder: string): void => {
      const file = openSync(join(folder, 'others'), 'w');
      try {
        for (;;) writeSync(file, Buffer.alloc(4_096));
      } catch {
        closeSync(file);
      }
    };
    const FULL = /The history .*history\.db cannot be written: its disk is full\. Make room there\./;

    it('is printed, and the meter is not asked again', async () => {
      const disk = smallDisk(2_048);
      const { ask, simulator } = await houseWith(disk);
      const first = await ask('--format', 'csv');
      const { requests } = simulator.statistics;
      fill(disk);
      for (let time = 0; time < 2; time++)
        expect(await ask('--format', 'csv')).toEqual({ code: 1, out: '', err: expect.stringMatching(FULL) });
      expect(await ask('--cached', '--format', 'csv')).toEqual({ code: 0, out: first.out, err: '' });
      expect(simulator.statistics.requests).toBe(requests);
      rmSync(join(disk, 'others'));
      expect(await ask('--format', 'csv')).toEqual({ code: 0, out: first.out, err: '' });
    });

    it('is kept up to there, and goes on from there', async () => {
      const disk = smallDisk(2_048);
      const { file, ask, simulator } = await houseWith(disk, { logReplyBytes: 300 });
      const words = ['history', '--config', file, '--logger', 'day,month', '--format', 'csv', ...SPEED];
      const first = await runCli(words, {
        terminal: true,
        onErr: (text) => {
          if (/ [1-9]\d* of 460 rows/.test(text)) fill(disk);
        },
      });
      expect([first.code, first.err]).toEqual([1, expect.stringMatching(FULL)]);
      expect(first.err).not.toMatch(/Reading .* of the month log/);
      rmSync(join(disk, 'others'));
      const second = await ask('--format', 'csv');
      expect([second.code, rowsOf(second.out).length]).toEqual([0, 460]);
      expect(sentBy(simulator).length).toBeLessThan(500);
    });
  });

  it.each([
    ['cut', (file: string) => truncateSync(file, 20_000)],
    [
      'overwritten in the middle',
      (file: string) => {
        const handle = openSync(file, 'r+');
        writeSync(handle, Buffer.alloc(statSync(file).size - 8_192, 0x5a), 0, undefined, 4_096);
        closeSync(handle);
      },
    ],
  ])('is in a file that was %s: the meter is not asked, and the next start of a bridge begins a new one', async (_, spoil) => {
    const { ask, dataDir, simulator } = await house();
    await ask('--from', daysAgo(200));
    const { requests } = simulator.statistics;
    const file = join(dataDir, 'history.db');
    spoil(file);
    const err = expect.stringMatching(
      /^The history .*history\.db is damaged\. Restart the bridge, or move the file away where none runs: a new one begins\. Nothing that is read could be kept/,
    );
    for (let time = 0; time < 2; time++) expect(await ask()).toEqual({ code: 1, out: '', err });
    expect(await ask('--cached')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/history\.db is damaged/),
    });
    expect(simulator.statistics.requests).toBe(requests);
    openHistory(file, new CollectingLogger()).close();
    expect((await ask('--from', daysAgo(2))).code).toBe(0);
  });

  it('is of the one time that was asked for', async () => {
    const { ask } = await house();
    // Written once: midnight may come while the meter is read.
    const [first = '', last = '', end = ''] = [20, 19, 18].map(daysAgo);
    const { out } = await ask('--from', first, '--to', last, '--format', 'csv');
    expect(rowsOf(out).map(([, , meterTime]) => meterTime)).toEqual(
      [first, last, end].map((day) => `${day}T00:00:00`),
    );
    const none = await ask('--from', daysAgo(4000), '--to', daysAgo(3999), '--cached');
    expect(none).toEqual({ code: 0, out: '', err: 'There are no rows of that time.\n' });
  });
});

describe('a meter that no configuration knows', () => {
  it('is read, and nothing of it is written anywhere', async () => {
    const { words, simulator } = await servedMeter({ model: '603' });
    const read = () => runCli(['history', '--from', daysAgo(3), '--format', 'csv', ...words]);
    const first = await read();
    expect(first.code).toBe(0);
    expect(rowsOf(first.out).length).toBeGreaterThan(2);
    const sent = sentBy(simulator).length;
    expect((await read()).out).toBe(first.out);
    expect(sentBy(simulator).length).toBeGreaterThan(sent);
    expect(await runCli(['history', '--cached', ...words])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/--cached is for what is kept of a configured meter/),
    });
  });
});

describe('a meter whose log is not public', () => {
  it.each([
    ['402', 'MULTICAL 402', /Highest power this year +9\.6 +kW +128\n/],
    ['21', 'MULTICAL 21', /Mean water temperature this month +13 +°C +295\n/],
  ] as const)('tells what its registers still know: %s', async (model, name, row) => {
    const { words } = await servedMeter({ model });
    const { code, out, err } = await runCli(['history', ...words]);
    expect([code, out]).toEqual([0, expect.stringMatching(row)]);
    expect(err).toMatch(
      new RegExp(
        `^How the log of ${name}.* is read is not public: its days, months and years are missing\\.`,
      ),
    );
    expect(err).toMatch(/What its registers still tell .* is below\. docs\/history\.md says more\.\n$/);
    const json = JSON.parse((await runCli(['history', '--format', 'json', ...words])).out);
    expect(Object.keys(json.readings).length).toBeGreaterThan(5);
  });

  it('fails where it has no such registers either', async () => {
    const { words } = await servedMeter({ model: '382' });
    const { code, out, err } = await runCli(['history', ...words]);
    expect([code, out, err]).toEqual([
      1,
      '',
      expect.stringMatching(/^How the log of Kamstrup 382 is read is not public/),
    ]);
  });

  it('says so where the meter keeps no such log', async () => {
    const { words } = await servedMeter({ model: '603', withoutLog: true });
    const { out, err } = await runCli(['history', ...words]);
    expect([out, err]).toEqual(['', 'This meter keeps no day log that can be read.\n']);
  });
});

it.each([
  [['--logger', 'week'], /"week" is none of year, month, day/],
  [['--logger', ','], /Name one of year/],
  [['--from', 'yesterday'], /--from and --to are each a date such as 2025-10-01/],
  [['--from', '2025-02-03', '--to', '2025-01-30'], /--from is later than --to\./],
  [['--to', '2025-02-30'], /--from and --to are each a date such as/],
  [['--format', 'xml'], /Allowed choices are table, csv, json, influx/],
])('refuses %j before a port is opened', async (words, reason) => {
  const { code, out, err } = await runCli(['history', '--port', '/dev/there-is-none', ...words]);
  expect([code, out, err]).toEqual([2, '', expect.stringMatching(reason)]);
});

it('leaves the past alone where the meter does not answer', async () => {
  const { ask, dataDir } = await house({}, 'silence');
  const { code, out, err } = await ask('--timeout-allowance', '0');
  expect([code, out, err]).toEqual([3, '', expect.stringMatching(/did not answer 3 requests/)]);
  expect(existsSync(join(dataDir, 'history.db'))).toBe(true);
});
