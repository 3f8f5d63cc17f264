import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { type CliRun, runCli } from '../support/run-cli.ts';
import { servedMeter } from '../support/served-meter.ts';

const EACH_SECOND = ['--schedule', '* * * * * *'];

/** Watches until so many lines were printed. */
function watch(count: number, words: readonly string[]): Promise<CliRun> {
  const stop = new AbortController();
  let out = '';
  return runCli(['read', '--watch', ...words], {
    signal: stop.signal,
    onOut: (text) => {
      out += text;
      if (out.split('\n').length > count) stop.abort();
    },
  });
}

function linesOf({ out }: CliRun): string[] {
  return out.trimEnd().split('\n');
}

describe('read --watch', () => {
  it('prints a line a reading, and a header where the columns are others', async () => {
    const { words } = await servedMeter({ model: '601' });
    const run = await watch(4, [...EACH_SECOND, ...words]);
    expect(run.code).toBe(0);
    const lines = linesOf(run);
    const headers = lines.filter((line) => line.startsWith('time'));
    const rows = lines.filter((line) => !line.startsWith('time'));
    expect(headers[0]).toMatch(/^time +serial_number +heat_energy \(MWh\) +volume \(m³\) .* info_code$/);
    // What it was asked in place of it told its family, once.
    expect(headers[1]).toBe(`${headers[0]}  temperature_difference (K)`);
    for (const row of rows)
      expect(row).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +\d+ +\d+\.\d+ .* 0( +\d\d\.\d\d)?$/);
  });

  it('says on standard error what it does, and what that costs', async () => {
    const { words } = await servedMeter({ model: '601' });
    const { err } = await watch(2, [...EACH_SECOND, ...words]);
    expect(err).toMatch(
      /^Reading the meter at tcp:\S+ now and then on schedule \(\* \* \* \* \* \*\)\. Ctrl\+C ends it\.\n/,
    );
    expect(err).toMatch(/86400 readings a day; the maker's tables of battery life assume 24/);
  });

  it('reads at once, also where the schedule is hourly, and asks once for it', async () => {
    const { words, simulator } = await servedMeter({ model: '601' });
    const run = await watch(1, ['--format', 'json', ...words]);
    expect(JSON.parse(run.out)).toMatchObject({
      meter: { model: 'MULTICAL 601', kind: 'heat', softwareRevision: 'G1' },
      readings: { heat_energy: { unit: 'MWh', register: 60 } },
    });
    expect(run.err.split('\n')).toHaveLength(2);
    // Who it is, its registers, its type: nothing else, and nothing twice.
    expect(simulator.statistics.requests).toBe(3);
  });

  it('prints the registers that are named, and asks no more for one that the meter does not have', async () => {
    const { words } = await servedMeter();
    const run = await watch(3, ['--format', 'csv', '60', '86', '155', ...EACH_SECOND, ...words]);
    const [header, ...rows] = linesOf(run);
    expect(header).toBe('time,serial_number,heat_energy (GJ),flow_temperature (°C)');
    for (const row of rows) expect(row).toMatch(/^\d{4}-[^,]+,84968362,84\.8\d\d,\d\d\.\d\d$/);
    expect(run.err.match(/does not have register 155/g)).toHaveLength(1);
  });

  it('goes on after a reading that failed, and prints nothing in its place', async () => {
    const { words } = await servedMeter({ model: '601' }, 'silence:3');
    const run = await watch(2, [
      '60',
      '--format',
      'influx',
      '--timeout-allowance',
      '0',
      ...EACH_SECOND,
      ...words,
    ]);
    expect(run.code).toBe(0);
    for (const line of linesOf(run))
      expect(line).toMatch(/^multical,model=MULTICAL\\ 601,serial_number=\d+ heat_energy=\d+\.\d+ \d{13}$/);
    expect(run.err).toMatch(
      / warn {2}The meter: .* did not answer 3 requests\..* Reading again on schedule\.\n/,
    );
  });

  it('ends while a reading runs, which goes no further', async () => {
    const { words, simulator } = await servedMeter({}, 'silence');
    const stop = new AbortController();
    // It would ask again after a minute.
    const running = runCli(['read', '--watch', '--timeout-allowance', '60000', ...words], {
      signal: stop.signal,
    });
    await eventually(() => simulator.statistics.requests);
    stop.abort();
    const run = await running;
    expect([run.code, run.out]).toEqual([0, '']);
    expect(simulator.statistics.requests).toBe(1);
  });
});

describe('read', () => {
  it('prints its one reading as CSV and as line protocol', async () => {
    const { words } = await servedMeter();
    const csv = await runCli(['read', '60', '99', '--format', 'csv', ...words]);
    expect(csv.out).toMatch(
      /^time,serial_number,heat_energy \(GJ\),info_code\n\d[^,]+,84968362,84\.817,0\n$/,
    );
    const influx = await runCli(['read', '60', '99', '--format', 'influx', ...words]);
    expect(influx.out).toMatch(
      /^multical,\S*serial_number=84968362 heat_energy=84\.817,info_code=0i \d{13}\n$/,
    );
  });

  it.each([
    ['--schedule hourly', /^--schedule says when to read with --watch: add that\.\n$/],
    ['--watch --schedule hurly', /did you mean "hourly"\?\n$/],
    ['--watch --schedule=', /--schedule must/],
    ['--format yaml', /choices|table, json, csv, influx/],
  ])('refuses %s', async (words, complaint) => {
    const { code, out, err } = await runCli(['read', '--port', '/dev/null', ...words.split(' ')]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(complaint);
  });
});
