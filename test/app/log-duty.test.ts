import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { LogDuty } from '../../src/app/log-duty.ts';
import type { LoggerName } from '../../src/catalogue/loggers.ts';
import { openHistory } from '../../src/history/file.ts';
import { LogShelf } from '../../src/history/log-shelf.ts';
import type { LoggedRow } from '../../src/loggers/logged-row.ts';
import { SelectivePublisher } from '../../src/outputs/output.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { PolledLine, type PolledLineOptions } from '../support/polled-line.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** 13:10 in Denmark. */
const NOW = Date.UTC(2026, 0, 15, 12, 10);
const SERIAL_NUMBER = '6655443';
const LOGGERS: readonly LoggerName[] = ['day', 'hour', 'month', 'year'];
const ALL = [460, 72, 24, 2];

beforeEach(() => {
  // A simulated meter's clock goes by it.
  vi.stubEnv('TZ', 'Europe/Copenhagen');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** Hands readings to the duty of now. */
class Present extends SelectivePublisher {
  private readonly duty: () => LogDuty | undefined;

  constructor(duty: () => LogDuty | undefined) {
    super();
    this.duty = duty;
  }

  override readingTaken(...[meter, fresh]: Parameters<LogDuty['readingTaken']>): void {
    this.duty()?.readingTaken(meter, fresh);
  }
}

/** A meter that is read each hour, and whose log is kept in a folder. */
class House {
  readonly polled: PolledLine;
  readonly logger = new CollectingLogger();
  /** What an output got. */
  readonly handedOn: LoggedRow[] = [];
  brought = 0;
  refuses = 0;
  private duty: LogDuty | undefined;
  private readonly shelf: LogShelf;

  constructor({
    folder = temporaryFolder(),
    ...more
  }: PolledLineOptions & { readonly folder?: string } = {}) {
    const { logger } = this;
    this.shelf = new LogShelf({ file: `${folder}/history.db`, mostBytes: 1e8, clock: systemClock, logger });
    this.watch();
    this.polled = new PolledLine({
      meters: [{ model: '603', serialNumber: Number(SERIAL_NUMBER) }],
      ...{ detailSchedule: 'never', timezone: 'Europe/Copenhagen', now: NOW, byTheClock: true },
      besides: new Present(() => this.duty),
      ...more,
    });
    onTestFinished(() => this.stop());
  }

  /** As a bridge does that has just been started. */
  watch(): void {
    const { logger } = this;
    this.duty = new LogDuty({
      configs: [{ name: 'Heating', timezone: 'Europe/Copenhagen', baudRate: 1200, units: {} }],
      meterWith: () => this.polled.meter,
      shelf: this.shelf,
      outputs: [{ name: 'influxdb', logged: (_meter, rows) => void this.handedOn.push(...rows) }],
      unitsOf: () => ({}),
      statistics: {
        bring: async () => {
          this.brought++;
          return this.brought > this.refuses;
        },
        stop: () => {},
      },
      clock: {
        ...systemClock,
        now: () => this.polled.clock.now(),
        monotonic: () => this.polled.clock.monotonic(),
      },
      logger,
    });
  }

  unwatch(): void {
    this.duty = undefined;
  }

  /** With the reading of the start, and what follows from it. */
  static async started(...options: ConstructorParameters<typeof House>): Promise<House> {
    const house = new House(...options);
    house.polled.start();
    await house.pass(5 * MINUTE);
    return house;
  }

  async pass(time: number): Promise<void> {
    await this.polled.clock.advance(time);
    await this.polled.clock.runUntil(this.duty?.stop() ?? Promise.resolve());
  }

  async stop(): Promise<void> {
    await Promise.all([this.polled.stop(), this.duty?.stop()]);
  }

  get rows(): readonly number[] {
    return this.shelf.ask((logs) => LOGGERS.map((logger) => logs.rows(SERIAL_NUMBER, logger).length)) ?? [];
  }

  /** What the meter has told of its log so far: how many rows, each time. */
  get told(): readonly number[] {
    return this.polled.simulator.statistics.logged.map(({ ids }) => ids.length);
  }

  /** The loggers that rows were asked of, in this order. */
  get asked(): readonly LoggerName[] {
    return [...new Set(this.polled.simulator.statistics.logged.map(({ logger }) => logger))];
  }

  get requests(): number {
    return this.polled.simulator.statistics.requests;
  }
}

describe("a meter's own log is read by itself", () => {
  it('after the first reading, the cost being said before, and every output is told', async () => {
    const house = await House.started();
    expect(house.rows).toEqual(ALL);
    expect(house.logger.told).toEqual([
      expect.stringMatching(
        /^info Heating: reading what the meter wrote down itself: about \d\d(\.\d)? kB in \d+ requests, which .* \(history\.meterLog turns it off\)$/,
      ),
      "info Heating: from the meter's own log: 460 days, 72 hours, 24 months, 2 years",
    ]);
    expect(house.handedOn).toHaveLength(558);
    expect(house.brought).toBe(1);
  });

  it('no more on this day, and what is new in the night, in a few short answers', async () => {
    const house = await House.started();
    const before = house.told.length;
    await house.pass(12 * HOUR);
    expect(house.told.length).toBe(before);
    await house.pass(DAY);
    expect(house.rows).toEqual([461, 84, 24, 2]);
    expect(house.told.length - before).toBeLessThanOrEqual(8);
    await house.pass(4 * DAY);
    expect(house.rows).toEqual([465, 180, 24, 2]);
    // A night is no news.
    expect(house.logger.told).toHaveLength(2);
  });

  it('not again by a bridge that is started anew on the same day', async () => {
    const house = await House.started();
    const before = house.told.length;
    house.watch();
    await house.pass(2 * HOUR);
    expect(house.told.length).toBe(before);
    expect(house.brought).toBe(2);
  });

  it('after an outage, by what is missing', async () => {
    const house = await House.started();
    house.unwatch();
    await house.pass(5 * DAY);
    house.watch();
    await house.pass(HOUR);
    expect(house.rows).toEqual([465, 144, 24, 2]);
    expect(house.logger.told.slice(2)).toEqual(["info Heating: from the meter's own log: 5 days, 72 hours"]);
    expect(house.handedOn).toHaveLength(558 + 5 + 72);
  });

  it('and is brought on, again where that failed, without asking the meter', async () => {
    const house = new House();
    house.refuses = 2;
    house.polled.start();
    await house.pass(5 * MINUTE);
    const before = house.told.length;
    expect(house.brought).toBe(1);
    await house.pass(5 * HOUR);
    expect(house.brought).toBe(3);
    expect(house.told.length).toBe(before);
  });

  it('from where a bridge was when it ended', async () => {
    const folder = temporaryFolder();
    const first = new House({ folder });
    first.polled.start();
    while (first.told.length < 4) await first.polled.clock.advance(1_000);
    await first.stop();
    const [known = 0] = first.rows;
    expect(known).toBeGreaterThan(0);
    expect(known).toBeLessThan(460);
    expect(first.handedOn).toEqual([]);
    const next = await House.started({ folder });
    expect(next.rows).toEqual(ALL);
    expect(next.handedOn).toHaveLength(558);
    // Some to see how far it goes, and that it is the same log.
    expect(next.told.reduce((sum, rows) => sum + rows, 0)).toBeLessThanOrEqual(558 - known + 10);
  });

  it('what its family keeps, the cost being that of its family', async () => {
    const water = await House.started({ meters: [{ model: 'kwm2231' }], model: 'kwm2231' });
    expect(water.asked).toEqual(['day', 'hour', 'month']);
    const module = await House.started({ meters: [{ model: '601' }], model: '601' });
    expect(module.asked).toEqual(['interval']);
    for (const { logger } of [water, module])
      expect(logger.told[0]).toMatch(/wrote down itself: as many rows as it keeps \(history\.meterLog/);
  });

  it('but not of a family whose log is not public, of which the log tells once', async () => {
    const house = await House.started({ meters: [{ model: '402' }], model: '402' });
    await house.pass(2 * DAY);
    expect(house.told).toEqual([]);
    expect(house.logger.told).toEqual([
      'info Heating: what this meter wrote down itself cannot be read, because no command for its family is public (see docs/history.md)',
    ]);
  });

  it('not while its readings of today are used up', async () => {
    const house = await House.started({ maxReadingsPerDay: 1 });
    expect(house.told).toEqual([]);
    expect(house.logger.said('warn')).toEqual([
      expect.stringContaining('The meter has had its 1 readings of today'),
    ]);
  });

  it('once a day where a damaged file does not take it, which is set aside then', async () => {
    const folder = temporaryFolder();
    const file = openHistory(`${folder}/history.db`, new CollectingLogger());
    file.database.exec(
      "CREATE TRIGGER damage BEFORE INSERT ON logged_row BEGIN SELECT RAISE(ABORT, 'database disk image is malformed'); END",
    );
    file.close();
    const house = await House.started({ folder });
    const tried = house.told.length;
    expect(tried).toBeGreaterThan(0);
    await house.pass(6 * HOUR);
    expect(house.told).toHaveLength(tried);
    expect(house.logger.said('warn')).toEqual([expect.stringContaining('cannot be kept')]);
    await house.pass(DAY);
    // The ring has turned by one.
    expect(house.rows[0]).toBe(460);
    expect(readdirSync(folder)).toContain('history.db.old');
  });

  it('without a place to keep it not at all, and readings go on', async () => {
    const house = await House.started({ folder: '/dev/null' });
    await house.pass(3 * HOUR);
    expect(house.told).toEqual([]);
    expect(house.polled.publisher.readings.length).toBeGreaterThan(2);
    expect(house.logger.said('warn')[0]).toContain(
      'What the meters wrote down themselves cannot be kept in /dev/null/history.db',
    );
  });
});
