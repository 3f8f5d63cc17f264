import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { PortVisits } from '../../src/app/port-visits.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { servePty } from '../../src/simulator/pty-server.ts';
import { SerialPortChannel } from '../../src/transport/serial-channel.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { hasTool } from '../support/has-tool.ts';
import { FAST, servedMeter } from '../support/served-meter.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

it.skipIf(!hasTool('socat'))(
  'a serial port that somebody left while it was being opened is closed before the bridge gets it back',
  async () => {
    const { simulator } = await servedMeter();
    const logger = new CollectingLogger();
    const port = join(temporaryFolder(), 'head');
    const server = await servePty({ line: simulator, link: port, logger });
    onTestFinished(() => server.close());
    let back: AbortSignal | undefined;
    const lender = {
      freePort: (_: string, signal: AbortSignal): undefined => {
        back = signal;
      },
      charge: () => {},
    };
    const visits = new PortVisits({ clock: systemClock, logger, lender, baudRate: FAST });
    const gone = new AbortController();
    const visit = visits.claim({ port, meter: undefined, gone: gone.signal });
    const begun = expect(visit.begin()).rejects.toMatchObject({ code: 'cancelled' });
    gone.abort();
    const openedAgain = new Promise<void>((resolve, reject) =>
      back?.addEventListener('abort', () => {
        const channel = new SerialPortChannel(port, FAST);
        onTestFinished(() => channel.close());
        channel.open().then(resolve, reject);
      }),
    );
    await Promise.all([visit.end(), begun]);
    await expect(openedAgain).resolves.toBeUndefined();
  },
);
