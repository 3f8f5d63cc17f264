import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import type { FakeClock } from '../../support/fake-clock.ts';
import { canMount, smallDisk } from '../../support/small-disk.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { HEAT_ENERGY, READ_AT } from '../support/meter-readings.ts';
import { hasInfluxd, Influxd } from './support/influxd.ts';
import { influxdbHome } from './support/influxdb-home.ts';

type Home = ReturnType<typeof influxdbHome>;

/** Puts in so many points, each a millisecond after the one before. */
class Points {
  put = 0;

  into({ publish }: Home, count: number): void {
    for (const end = this.put + count; this.put < end; this.put++)
      publish([{ ...HEAT_ENERGY, readAt: READ_AT + this.put }]);
  }

  async expectIn(server: Influxd): Promise<void> {
    const [series] = await server.query('SELECT heat_energy FROM multical', 'home');
    expect(series?.values.map(([time]) => Number(time) - READ_AT)).toEqual(
      Array.from({ length: this.put }, (_, number) => number),
    );
  }
}

async function serverIn(below?: string): Promise<Influxd> {
  const server = await new Influxd(below === undefined ? {} : { below }).start();
  onTestFinished(() => server.remove());
  await server.query('CREATE DATABASE home');
  return server;
}

/** Lets the pauses between tries pass until everything is delivered. */
async function drained({ output }: Home, clock: FakeClock): Promise<void> {
  await eventually(async () => {
    await clock.advance(10_000);
    return output.health.waiting === 0;
  });
}

describe.skipIf(!hasInfluxd())('InfluxDB that is treated badly', () => {
  it('has every point once after it was killed under load, and the bridge restarted meanwhile', async () => {
    const server = await serverIn();
    const directory = temporaryFolder();
    const points = new Points();
    for (let round = 0; round < 3; round++) {
      const home = influxdbHome({ url: server.url, database: 'home' }, { directory });
      points.into(home, 500);
      await eventually(() => home.output.health.delivered > 0);
      points.into(home, 500);
      // In the middle of writing: no answer, and nobody knows whether the points are there.
      await server.stop('SIGKILL');
      points.into(home, 500);
      await home.output.stop();
      await server.start();
    }
    const last = influxdbHome({ url: server.url, database: 'home' }, { directory });
    await eventually(() => last.output.health.waiting + last.output.health.delivered >= 500);
    await drained(last, last.clock);
    await points.expectIn(server);
    expect(last.output.health).toMatchObject({ refused: 0, lost: 0 });
  });

  it.skipIf(!canMount())('has every point once after its disk was full', async () => {
    const disk = smallDisk(24_000);
    const server = await serverIn(disk);
    const home = influxdbHome({ url: server.url, database: 'home' });
    const points = new Points();
    points.into(home, 100);
    await eventually(() => home.output.health.delivered === 100);
    const filler = join(disk, 'filler');
    // A full file system takes what still fits and says so.
    expect(() => writeFileSync(filler, Buffer.alloc(32_000_000))).toThrow('ENOSPC');
    // More than fits into what is left of the blocks of its log.
    points.into(home, 4_000);
    await eventually(() => home.output.health.problem !== null);
    expect(home.output.health.problem).toMatch(/has trouble of its own: 500 \(.*no space left on device\)$/);
    rmSync(filler);
    // InfluxDB 1.6 does not come to terms with it by itself.
    await server.stop();
    await server.start();
    await drained(home, home.clock);
    await points.expectIn(server);
    expect(home.output.health).toMatchObject({ refused: 0, lost: 0, problem: null });
  });

  it.skipIf(!canMount())('has every point once after our own disk was full', async () => {
    const server = await serverIn();
    const directory = smallDisk(1_000);
    const points = new Points();
    const filler = join(directory, 'filler');
    await server.stop();
    const home = influxdbHome({ url: server.url, database: 'home' }, { directory });
    points.into(home, 50);
    await eventually(() => home.output.health.problem !== null);
    expect(() => writeFileSync(filler, Buffer.alloc(2_000_000))).toThrow('ENOSPC');
    points.into(home, 200);
    await eventually(() => home.logger.said('error').some((line) => line.includes('Is the disk full')));
    await server.start();
    await drained(home, home.clock);
    rmSync(filler);
    points.into(home, 50);
    await drained(home, home.clock);
    await points.expectIn(server);
    expect(home.output.health).toMatchObject({ refused: 0, lost: 0, problem: null });
  });
});
