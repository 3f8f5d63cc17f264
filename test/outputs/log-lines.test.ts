import { describe, expect, it } from 'vitest';
import { StateDisk } from '../../src/app/state-disk.ts';
import { LatestValueQueue } from '../../src/outputs/domoticz/latest-value-queue.ts';
import type { Outcome } from '../../src/shared/delivery.ts';
import { Delivery, Refusals } from '../../src/spool/delivery.ts';
import { SpoolReport } from '../../src/spool/spool-report.ts';
import { openedSpool } from '../spool/support/opened-spool.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MINUTE = 60_000;
const A_DAY = 24 * 60;
/** Of the 30 that a day may have: others have their say, too. */
const FEW = 25;

function parts() {
  return { clock: new FakeClock(), logger: new CollectingLogger(), changed: () => {} };
}

describe('a server that is away for a day', () => {
  async function delivering(answer: (tries: number) => Outcome) {
    const { spool, clock, logger } = await openedSpool(temporaryFolder());
    const words = { label: 'InfluxDB', noun: 'point', advice: 'Look there.', path: '/refused.lp' };
    let tries = 0;
    const delivery = new Delivery({
      ...{ spool, clock, logger, random: () => 0, label: 'InfluxDB', changed: () => {} },
      batch: { count: 1, bytes: 65_536 },
      send: async () => answer(++tries),
      kindOf: () => '',
      setAside: async () => {},
      refusals: new Refusals({ ...words, clock, logger }),
    });
    delivery.start();
    for (let minutes = 0; minutes < A_DAY; minutes += 5) {
      spool.put(`reading of minute ${minutes}`);
      delivery.wakeUp();
      const before = tries;
      // Files take their real time, of which the clock knows nothing.
      await eventually(async () => {
        await clock.advance(MINUTE / 2);
        return tries > before;
      });
      await clock.advance(4.5 * MINUTE);
    }
    return { delivery, logger };
  }

  it('takes few lines, the first with what to do, whatever numbers its words have', async () => {
    const { delivery, logger } = await delivering((tries) => {
      throw new Error(`it took ${tries} ms; is the server running, and the port right?`);
    });
    await delivery.stop();
    expect(logger.told.length).toBeLessThan(FEW);
    expect(logger.told[0]).toMatch(/^warn InfluxDB: .*is the server running.*sent when it works again\.$/);
    expect(delivery.problem).toMatch(/it took \d{2,} ms/);
  });

  it('or answers every second time, takes few lines', async () => {
    const { delivery, logger } = await delivering((tries) => {
      if (tries % 2 === 0) return 'delivered';
      throw new Error('nobody there');
    });
    await delivery.stop();
    expect(logger.told.length).toBeLessThan(FEW);
  });

  it('is told of in few lines by Domoticz, too', async () => {
    const { clock, ...others } = parts();
    let outcome: (tries: number) => Outcome = () => {
      throw new Error('nothing listens there; is the server running, and the port right?');
    };
    let tries = 0;
    const queue = new LatestValueQueue(
      {
        logsItself: false,
        deliver: async () => outcome(++tries),
        whenWorthATry: (action) => clock.after(MINUTE, action),
        close: async () => {},
      },
      { clock, ...others },
    );
    queue.start();
    for (let minutes = 0; minutes < A_DAY; minutes++) {
      queue.put({ key: 'heat_energy', index: 12, svalue: String(minutes) });
      await clock.advance(MINUTE);
    }
    const { logger } = others;
    expect(logger.told.length).toBeLessThan(FEW);
    expect(logger.told[0]).toMatch(/is the server running/);
    const before = logger.told.length;
    // It takes and refuses the same device by turns.
    outcome = (times) => (times % 2 === 0 ? 'delivered' : { refused: 'ERR' });
    for (let minutes = 0; minutes < A_DAY; minutes++) {
      queue.put({ key: 'heat_energy', index: 12, svalue: String(minutes) });
      await clock.advance(MINUTE);
    }
    expect(logger.told[before]).toMatch(/told again\. The trouble lasted 24 h \d min/);
    expect(logger.told.length - before).toBeLessThan(FEW);
    await queue.stop();
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('a disk that is full for a day', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });

  it('takes few lines of the memory of meters, and its end is told', async () => {
    const { clock, logger } = parts();
    let isFull = true;
    const disk = new StateDisk(
      logger,
      () => {
        if (isFull) throw full;
      },
      clock,
    );
    const folder = temporaryFolder();
    for (let minutes = 0; minutes < A_DAY; minutes++) {
      for (const meter of ['one', 'two', 'three']) disk.write(`${folder}/meters/${meter}.json`, '{}');
      await clock.advance(MINUTE);
    }
    expect(logger.told.length).toBeLessThan(FEW);
    expect(logger.told[0]).toMatch(/^error Cannot write .*Is the disk full, or dataDir not ours\?/);
    isFull = false;
    for (const meter of ['one', 'two', 'three']) disk.write(`${folder}/meters/${meter}.json`, '{}');
    expect(logger.told.at(-1)).toMatch(/^info .*can be written again\. The trouble lasted 24 h 0 min/);
    disk.stop();
  });

  it('takes few lines of what waits for a server', async () => {
    const deps = parts();
    const report = new SpoolReport({
      ...deps,
      folder: '/data/waiting/influxdb',
      label: 'InfluxDB',
      noun: 'point',
    });
    for (let times = 0; times < 2 * A_DAY; times++) {
      report.diskFailed(full);
      await deps.clock.advance(MINUTE / 2);
    }
    report.diskWorks();
    report.neverWritten(0);
    expect(deps.logger.told.length).toBeLessThan(FEW);
    expect(deps.logger.told.at(-1)).toMatch(/takes what waits again\. The trouble lasted 24 h 0 min/);
  });
});
