import { describe, expect, it } from 'vitest';
import { PortVisits } from '../../src/app/port-visits.ts';
import { Refused } from '../../src/web/route.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { bridgeConfig } from '../support/running-bridge.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Claims ports and gives them back at once; tells the status of a refusal. */
function visiting() {
  const clock = new FakeClock();
  const lender = { freePort: () => undefined, charge: () => {} };
  const visits = new PortVisits({ clock, logger: new CollectingLogger(), lender });
  const meter = bridgeConfig({ meters: [{ port: 'tcp://10.0.0.1:2000' }] }, temporaryFolder()).meters[0];
  const visit = async (port: string): Promise<number> => {
    const known = port === meter?.port ? meter : undefined;
    try {
      await visits.claim({ port, meter: known, gone: new AbortController().signal }).end();
      return 200;
    } catch (error) {
      return error instanceof Refused ? error.status : 500;
    }
  };
  return { clock, visit };
}

describe('ports that somebody on the page asks at', () => {
  it('cannot be all doors of a network, one after the other', async () => {
    const { clock, visit } = visiting();
    const tried: number[] = [];
    for (let port = 1; port <= 25; port++) tried.push(await visit(`tcp://192.168.1.1:${port}`));
    expect(tried).toEqual([...Array(20).fill(200), ...Array(5).fill(429)]);
    await clock.advance(30_000);
    expect([await visit('tcp://192.168.1.1:80'), await visit('tcp://192.168.1.1:81')]).toEqual([200, 429]);
  });

  it('are free to be asked at where they are serial ports, or have a meter', async () => {
    const { visit } = visiting();
    for (let time = 0; time < 30; time++)
      expect([await visit('/dev/ttyUSB0'), await visit('tcp://10.0.0.1:2000')]).toEqual([200, 200]);
  });
});
