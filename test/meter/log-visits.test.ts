import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { LoggerName } from '../../src/catalogue/loggers.ts';
import type { LogReading, LogWalkResult } from '../../src/loggers/log-reading.ts';
import type { LoggedRow } from '../../src/loggers/logged-row.ts';
import type { LineFault } from '../../src/simulator/faults.ts';
import type { SimulatedMeterOptions } from '../../src/simulator/options.ts';
import { PolledLine, type PolledLineOptions } from '../support/polled-line.ts';

/** Days that the simulated one has been on. */
const LIFE_OF_A_303 = 188;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 0, 15, 12, 10);
const SERIAL_NUMBER = 6655443;
const GIGAJOULE: EnergyUnit = { size: 1e6 / 3.6, decimals: 3 };
const MEGAWATTHOUR: EnergyUnit = { size: 1e6, decimals: 2 };
/** Of that digit, in numbers that are not exact. */
const ROUNDED = 1e-6;

beforeEach(() => {
  // A simulated meter's clock goes by it.
  vi.stubEnv('TZ', 'Europe/Copenhagen');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** A meter that has been read once, and somebody who keeps its log. */
class LoggedMeter {
  readonly polled: PolledLine;
  rows = new Map<string, LoggedRow>();
  anew = 0;
  /** Called with each page. */
  page: () => void = () => {};

  constructor(meter: Partial<SimulatedMeterOptions> = {}, more: PolledLineOptions = {}) {
    this.polled = new PolledLine({
      meters: [{ model: '603', serialNumber: SERIAL_NUMBER, ...meter }],
      detailSchedule: 'never',
      timezone: 'Europe/Copenhagen',
      now: NOW,
      ...more,
    });
    onTestFinished(() => this.polled.stop());
  }

  static async read(...options: ConstructorParameters<typeof LoggedMeter>): Promise<LoggedMeter> {
    const meter = new LoggedMeter(...options);
    await meter.polled.firstReading();
    return meter;
  }

  ask(
    loggers: readonly LoggerName[] = ['day'],
    more: Partial<LogReading> = {},
  ): Promise<readonly LogWalkResult[]> {
    const of = (logger: LoggerName): readonly LoggedRow[] =>
      [...this.rows.values()].filter((row) => row.logger === logger).sort((a, b) => a.id - b.id);
    return this.polled.meter.readLog({
      loggers,
      known: (logger) => of(logger).map(({ id }) => ({ from: id, to: id })),
      knownRows: of,
      got: (rows) => {
        for (const row of rows) {
          const key = `${row.logger} ${row.id}`;
          expect(this.rows.has(key)).toBe(false);
          this.rows.set(key, row);
        }
        this.page();
      },
      beganAnew: (logger) => {
        this.anew++;
        for (const { id } of of(logger)) this.rows.delete(`${logger} ${id}`);
      },
      ...more,
    });
  }

  async run(...options: Parameters<LoggedMeter['ask']>): Promise<readonly LogWalkResult[]> {
    return this.polled.clock.runUntil(this.ask(...options));
  }

  get ordered(): readonly LoggedRow[] {
    return [...this.rows.values()].sort((a, b) => a.id - b.id);
  }

  /** Wh that the house had burnt when each row ended, beside what the row says. */
  get burnt(): readonly (readonly [logged: number, burnt: number])[] {
    return this.ordered.flatMap(({ endedAt, values }) => {
      const energy = values.find(({ quantity }) => quantity === 'heat_energy')?.value;
      const totals = this.polled.simulator.meters[0]?.pastTotals(endedAt ?? 0);
      return [[Number(energy), totals?.heatEnergy ?? 0] as const];
    });
  }
}

interface EnergyUnit {
  /** Wh, as one unit is. */
  readonly size: number;
  readonly decimals: number;
}

function expectToBeWhatWasBurnt(meter: LoggedMeter, rows: number, { size, decimals } = GIGAJOULE): void {
  expect(meter.burnt).toHaveLength(rows);
  // The meter cuts what is below its last digit.
  const digits = meter.burnt.map(([logged, burnt]) => (burnt / size - logged) * 10 ** decimals);
  expect([Math.min(...digits) > -ROUNDED, Math.max(...digits) < 1 + ROUNDED]).toEqual([true, true]);
}

const moments = (rows: readonly LoggedRow[]): readonly string[] =>
  rows.map(({ endedAt }) => (endedAt === null ? 'unknown' : new Date(endedAt).toISOString()));

describe('reading the log of a meter', () => {
  it('brings 460 days, each with what the house had burnt until its midnight', async () => {
    const meter = await LoggedMeter.read();
    expect(await meter.run()).toEqual([{ logger: 'day', rows: 460, isComplete: true }]);
    const ends = moments(meter.ordered);
    expect([ends[0], ends.at(-1)]).toEqual(['2024-10-12T22:00:00.000Z', '2026-01-14T23:00:00.000Z']);
    expectToBeWhatWasBurnt(meter, 460);
    const [first] = meter.ordered;
    expect(first?.meterTime).toBe('2024-10-13T00:00:00');
    expect(first?.values.map(({ quantity }) => quantity)).toEqual([
      ...['heat_energy', 'volume', 'mean_flow_temperature_day', 'mean_return_temperature_day'],
    ]);
  });

  it('brings hours through the night in which one comes twice', async () => {
    const meter = await LoggedMeter.read({}, { now: Date.UTC(2025, 9, 26, 12, 10) });
    await meter.run(['hour']);
    const ends = meter.ordered.map(({ endedAt }) => endedAt ?? 0);
    expect(ends).toHaveLength(72);
    expect(ends.every((end, index) => index === 0 || end - (ends[index - 1] ?? 0) === HOUR)).toBe(true);
    expectToBeWhatWasBurnt(meter, 72);
  });

  it('lets readings that are due come in between', async () => {
    const meter = await LoggedMeter.read({ logReplyBytes: 300 });
    let pages = 0;
    meter.page = () => {
      if (++pages === 3) void meter.polled.tick('hourly');
    };
    const before = meter.polled.publisher.readings.length;
    let readAfter = 0;
    await meter.run(['day'], {
      progressed: () => {
        if (meter.polled.publisher.readings.length > before && readAfter === 0) readAfter = meter.rows.size;
      },
    });
    expect(readAfter).toBeGreaterThan(0);
    expect(readAfter).toBeLessThan(200);
    expect(meter.rows.size).toBe(460);
  });

  it('counts as one reading, tells its bytes, and is no reading that failed or succeeded', async () => {
    const meter = await LoggedMeter.read();
    const { today: before } = meter.polled.meter.spent;
    await meter.run();
    const { today } = meter.polled.meter.spent;
    expect(today.readings - before.readings).toBe(1);
    const bytes = today.bytes - before.bytes;
    expect(bytes).toBeGreaterThan(460 * 16);
    expect(meter.polled.meter.status.diagnostics).toMatchObject({ readings: 1, failedReadings: 0 });
  });

  it('is refused when the readings of today are used up', async () => {
    const meter = await LoggedMeter.read({}, { maxReadingsPerDay: 1 });
    const { requests } = meter.polled.simulator.statistics;
    const [result] = await meter.run();
    expect(result).toMatchObject({ rows: 0, isComplete: false });
    expect(result?.reason).toMatch(/has had its 1 readings of today/);
    expect(meter.polled.simulator.statistics.requests).toBe(requests);
  });

  it('waits for nobody who has the port, and not for a meter that nobody knows', async () => {
    const unknown = new LoggedMeter();
    expect((await unknown.ask())[0]?.reason).toMatch(/^No meter has answered here yet/);
    const meter = await LoggedMeter.read();
    const back = new AbortController();
    await meter.polled.clock.runUntil(meter.polled.line.freePort(back.signal));
    expect((await meter.run())[0]?.reason).toMatch(/^Somebody else uses the port now/);
    back.abort();
    expect((await meter.run())[0]).toMatchObject({ rows: 460, isComplete: true });
  });

  it('runs once at a time', async () => {
    const meter = await LoggedMeter.read();
    const first = meter.ask(['year']);
    expect((await meter.ask())[0]?.reason).toBe('The log of this meter is being read already.');
    expect((await meter.polled.clock.runUntil(first))[0]).toMatchObject({ isComplete: true });
  });

  it('ends with the meter, and leaves no timer behind', async () => {
    const meter = await LoggedMeter.read({ logReplyBytes: 300 });
    const reading = meter.ask();
    await meter.polled.clock.advance(10_000);
    expect(meter.polled.meter.status.logProgress).toEqual({ logger: 'day', rows: meter.rows.size, of: 460 });
    await meter.polled.stop();
    expect((await reading)[0]?.isComplete).toBe(false);
    expect(meter.rows.size).toBeGreaterThan(0);
    expect(meter.polled.meter.status.logProgress).toBeUndefined();
    expect(meter.polled.clock.pendingTimers).toBe(0);
  });

  it('of a meter without a public command asks for nothing', async () => {
    const meter = await LoggedMeter.read({ model: '402' }, { model: '402' });
    const { requests } = meter.polled.simulator.statistics;
    expect((await meter.run())[0]?.reason).toMatch(/^No command is public/);
    expect(meter.polled.simulator.statistics.requests).toBe(requests);
  });
});

describe('a log that is cut in the middle', () => {
  it('goes on where the eye of a 303 fell asleep, when somebody presses its button', async () => {
    const meter = await LoggedMeter.read({ model: '303', awakeFor: 30_000, logReplyBytes: 300 });
    const button = (): void => meter.polled.simulator.meters[0]?.pressButton();
    button();
    const [first] = await meter.run();
    expect(first?.isComplete).toBe(false);
    expect(first?.reason).toMatch(/button/);
    const already = meter.rows.size;
    expect(already).toBeGreaterThan(20);
    expect(already).toBeLessThan(LIFE_OF_A_303);
    for (let presses = 0; presses < 10 && meter.rows.size < LIFE_OF_A_303; presses++) {
      button();
      await meter.run();
    }
    expectToBeWhatWasBurnt(meter, LIFE_OF_A_303);
  });

  const FAULTS: readonly LineFault['name'][] = [
    ...(['echo', 'silence', 'checksum', 'truncation', 'noise'] as const),
    ...(['spurious-zero', 'late', 'foreign-reply', 'unplug'] as const),
  ];
  it.each(FAULTS)('takes no wrong number from %s', async (name) => {
    const meter = await LoggedMeter.read({ logReplyBytes: 200 });
    let pages = 0;
    meter.page = () => {
      if (++pages % 5 === 0) meter.polled.simulator.setFaults([{ name, count: 1 }]);
    };
    for (let contacts = 0; contacts < 30 && meter.rows.size < 460; contacts++) {
      await meter.run();
      await meter.polled.clock.advance(10_000);
    }
    expectToBeWhatWasBurnt(meter, 460);
  });
});

describe('a head that is put on another meter in the middle of a log', () => {
  it.each([
    [
      'while it is asked',
      (polled: PolledLine) => polled.simulator.setFaults([{ name: 'silence', count: 1 }]),
    ],
    ['before a reading that is due', (polled: PolledLine) => void polled.tick('hourly')],
  ])('brings nothing of that one: %s', async (_, meanwhile) => {
    const meter = await LoggedMeter.read();
    const { simulator } = meter.polled;
    let pages = 0;
    let brought = 0;
    meter.page = () => {
      if (++pages !== 3) return;
      brought = meter.rows.size;
      for (const each of simulator.meters) simulator.removeMeter(each);
      simulator.addMeter({ model: '603', serialNumber: 71_000_001 });
      meanwhile(meter.polled);
    };
    const [result] = await meter.run();
    expect(result).toMatchObject({ rows: brought, isComplete: false });
    expect(result?.reason).toMatch(/^(Meter 71000001 answers|Another meter answers in the place of 6655443)/);
    expect(meter.rows.size).toBe(brought);
  });
});

describe('reading on the next day', () => {
  it('asks for what is new, and for one known row to be sure', async () => {
    const meter = await LoggedMeter.read();
    await meter.run();
    await meter.polled.clock.advance(DAY);
    const { bytesIn, bytesOut, requests } = meter.polled.simulator.statistics;
    expect(await meter.run()).toEqual([{ logger: 'day', rows: 1, isComplete: true }]);
    const after = meter.polled.simulator.statistics;
    expect(after.requests - requests).toBe(4);
    expect(after.bytesIn + after.bytesOut - bytesIn - bytesOut).toBeLessThan(300);
    expect(moments(meter.ordered).at(-1)).toBe('2026-01-15T23:00:00.000Z');
  });

  it('begins anew where somebody has reset the meter', async () => {
    const meter = await LoggedMeter.read();
    await meter.run();
    meter.polled.simulator.meters[0]?.beginLogAnew();
    await meter.polled.clock.advance(2 * DAY);
    expect(await meter.run()).toEqual([{ logger: 'day', rows: 2, isComplete: true }]);
    expect(meter.anew).toBe(1);
    expect(meter.ordered.map(({ id }) => id)).toEqual([1, 2]);
  });
});

describe('a clock that is not right', () => {
  it.each([
    ['an hour ahead', HOUR, '2026-01-14T22:00:00.000Z'],
    ['seven minutes behind', -7 * 60_000, '2026-01-14T23:00:00.000Z'],
    ['ten years behind', -3653 * DAY, '2026-01-14T23:00:00.000Z'],
  ])('%s leaves each total at the moment at which it was', async (_, clockError, end) => {
    const meter = await LoggedMeter.read({ clockError });
    await meter.run();
    expect(meter.rows.size).toBe(460);
    expect(moments(meter.ordered).at(-1)).toBe(end);
    if (Math.abs(clockError) >= HOUR) expectToBeWhatWasBurnt(meter, 460);
  });

  it('keeps winter time: midnight of summer is an hour later', async () => {
    const meter = await LoggedMeter.read({ keepsWinterTime: true });
    await meter.run();
    const july = meter.ordered.find(({ meterTime }) => meterTime === '2025-07-15T00:00:00');
    expect(moments(july === undefined ? [] : [july])).toEqual(['2025-07-14T23:00:00.000Z']);
    expectToBeWhatWasBurnt(meter, 460);
  });

  it('stood still without power: what was before it keeps its moments', async () => {
    const off = { from: Date.UTC(2025, 10, 1, 12), to: Date.UTC(2025, 10, 11, 12) };
    const meter = await LoggedMeter.read({ powerFailures: [off] });
    await meter.run();
    expect(meter.rows.size).toBe(460);
    expect(moments(meter.ordered)[0]).toBe('2024-10-02T22:00:00.000Z');
    expectToBeWhatWasBurnt(meter, 460);
  });
});

describe('the interval log of a 601 with a logger module', () => {
  it('is read from its module, and on the next hour only the one row that is new', async () => {
    const meter = await LoggedMeter.read({ model: '601' }, { model: '601' });
    const [interval, day] = await meter.run(['interval', 'day']);
    expect(interval).toEqual({ logger: 'interval', rows: 1400, isComplete: true });
    expect(day).toMatchObject({ rows: 0, reason: 'This meter keeps no day log that can be read.' });
    expect(moments(meter.ordered).at(-1)).toBe('2026-01-15T12:00:00.000Z');
    expectToBeWhatWasBurnt(meter, 1400, MEGAWATTHOUR);
    const { requests } = meter.polled.simulator.statistics;
    await meter.polled.clock.advance(HOUR);
    expect(await meter.run(['interval'])).toEqual([{ logger: 'interval', rows: 1, isComplete: true }]);
    expect(meter.polled.simulator.statistics.requests - requests).toBe(4);
  });
});
