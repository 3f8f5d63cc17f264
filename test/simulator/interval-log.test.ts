import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  encodeIntervalLogRequest,
  type IntervalLogPage,
  type IntervalLogRequest,
} from '../../src/kmp/interval-log.ts';
import type { SimulatedMeterOptions } from '../../src/simulator/options.ts';
import { column, rowTexts } from './support/log-questions.ts';
import { bench, registerRequest, request, texts } from './support/virtual-line.ts';

const LOGGER_MODULE = 0x7f;
/** A 601 has been on for so many hours, and its module writes one row an hour. */
const HOURS = 40_926;
const DEPTH = 1400;
type Asked = Partial<IntervalLogRequest> & Pick<IntervalLogRequest, 'command'>;

const at = (year: number, month: number, day: number, hour = 0, minute = 0) => ({
  ...{ year, month, day, hour, minute, second: 0 },
});

describe('the log of a 601', () => {
  beforeEach(() => {
    vi.stubEnv('TZ', 'Europe/Copenhagen');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  function questions(meter: Partial<SimulatedMeterOptions> = {}) {
    const line = bench({ model: '601', ...meter });
    const ask = async (asked: Asked, address = LOGGER_MODULE): Promise<IntervalLogPage | undefined> => {
      const columns = { log: 1, registers: [1003, 1002, 60], rows: 3, longest: 128 };
      const whole = { ...columns, ...asked } as IntervalLogRequest;
      const [reply] = await line.ask(request(encodeIntervalLogRequest(whole), address));
      return reply?.kind === 'interval-log-page' ? reply : undefined;
    };
    return { line, ask };
  }

  const idsOf = (page: IntervalLogPage | undefined) => page?.rows.map(({ id }) => id);
  const flagsOf = (page: IntervalLogPage | undefined) => [...(page?.flags ?? ['silence'])];

  it('is asked for at the address of its module', async () => {
    const { ask, line } = questions();
    expect(await ask({ command: 'from-id', id: HOURS }, 0x3f)).toBeUndefined();
    expect(line.simulator.statistics.badRequests).toBe(1);
    await line.clock.advance(2000);
    expect(idsOf(await ask({ command: 'from-id', id: HOURS }))).toEqual([HOURS]);
  });

  it('goes from an id towards the present, not further than the reply may be long', async () => {
    const { ask, line } = questions();
    const page = await ask({ command: 'from-id', id: HOURS - 9, rows: 20 });
    // 8 bytes around them, 15 for formats, 14 for each row.
    expect(idsOf(page)).toEqual(Array.from({ length: 7 }, (_, index) => HOURS - 9 + index));
    expect([page?.lastId, page?.newestId, flagsOf(page)]).toEqual([HOURS - 3, HOURS, ['length-reached']]);
    const rest = await ask({ command: 'from-id', id: HOURS - 2, rows: 20 });
    expect([idsOf(rest), flagsOf(rest)]).toEqual([[HOURS - 2, HOURS - 1, HOURS], ['end-of-log']]);
    const energies = [page, rest].flatMap((each) => column(each?.rows ?? [], 60));
    expect(energies).toEqual([...energies].sort((a, b) => a - b));
    const now = texts((await line.ask(registerRequest([60])))[0]);
    expect(energies.at(-1)).toBeLessThanOrEqual(Number(now[60]));
    expect(line.simulator.statistics.logged.map(({ ids }) => ids.length)).toEqual([7, 3]);
  });

  it('gives the next row for an id that has fallen out, and none for one that is to come', async () => {
    const { ask } = questions();
    const oldest = HOURS - DEPTH + 1;
    expect(idsOf(await ask({ command: 'from-id', id: oldest - 100, rows: 1 }))).toEqual([oldest]);
    const none = await ask({ command: 'from-id', id: HOURS + 1 });
    expect([idsOf(none), none?.newestId, flagsOf(none)]).toEqual([[], HOURS, ['out-of-range']]);
  });

  it('goes from a time on, and back from it', async () => {
    const { ask } = questions();
    const on = await ask({ command: 'from-time', time: at(2026, 1, 15, 7, 30), rows: 2 });
    expect(rowTexts(on?.rows ?? []).map((row) => [row[1003], row[1002]])).toEqual([
      ['2026-01-15', '08:00:04'],
      ['2026-01-15', '09:00:04'],
    ]);
    const back = await ask({ command: 'past', time: at(2026, 1, 15, 7, 30), offset: 1, rows: 2 });
    expect(rowTexts(back?.rows ?? []).map((row) => row[1002])).toEqual(['06:00:04', '05:00:04']);
    const first = await ask({ command: 'from-time', time: at(2000, 1, 1), rows: 1 });
    expect(idsOf(first)).toEqual([HOURS - DEPTH + 1]);
    const last = await ask({ command: 'past', time: at(2025, 11, 18, 4), offset: 0, rows: 20 });
    expect(flagsOf(last)).toEqual(['end-of-log']);
    expect(idsOf(last)?.at(-1)).toBe(HOURS - DEPTH + 1);
  });

  it('leaves out registers that it does not keep', async () => {
    const { ask } = questions();
    const page = await ask({ command: 'from-id', id: HOURS, registers: [1001, 60, 155] });
    expect(page?.rows.map(({ records }) => records.map(({ id }) => id))).toEqual([[60]]);
  });

  it('is empty after a reset, and says so', async () => {
    const { ask, line } = questions({ speed: 3600 });
    line.simulator.meters[0]?.beginLogAnew();
    expect(flagsOf(await ask({ command: 'from-id', id: 1 }))).toEqual(['empty']);
    // Three seconds were three hours: the next question finds rows.
    expect(idsOf(await ask({ command: 'from-id', id: 1, rows: 2 }))).toEqual([1, 2]);
  });

  it.each([
    ['without a module', { withoutLog: true }, { command: 'from-id', id: HOURS }],
    ['of another kind', { model: '403' }, { command: 'from-id', id: HOURS }],
    ['asked for another log', {}, { command: 'from-id', id: HOURS, log: 2 }],
    ['asked for no rows', {}, { command: 'from-id', id: HOURS, rows: 0 }],
  ] as const)('is not there: a meter %s is silent', async (_, meter, asked) => {
    expect(await questions(meter).ask(asked)).toBeUndefined();
  });
});
