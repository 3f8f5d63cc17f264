import { describe, expect, it } from 'vitest';
import { type OneShotOptions, withMeter } from '../../src/app/one-shot.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { eventually } from '../support/eventually.ts';
import { FAST, servedMeter } from '../support/served-meter.ts';
import { silentPort } from '../support/silent-port.ts';

function options(port: string): OneShotOptions {
  const logger = new CollectingLogger();
  return { port, address: 0x3f, baudRate: FAST, timeoutAllowance: 0, wakeUp: 'none', logger };
}

describe('a meter for the length of one command', () => {
  it('is lent, and its result handed on', async () => {
    const { port } = await servedMeter();
    const number = await withMeter(options(port), ({ client, session }) => client.serialNumber(session));
    expect(number).toBe('84968362');
  });

  it('gives its port back, whatever happens', async () => {
    const { port, sockets } = await silentPort();
    const failing = withMeter(options(port), async () => {
      await eventually(() => sockets.size === 1);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    await eventually(() => sockets.size === 0);
  });

  it('says that the line went away when the gateway hangs up', async () => {
    const { port, sockets } = await silentPort();
    const reading = withMeter(options(port), async ({ client, session }) => {
      const asked = client.serialNumber(session);
      await eventually(() => sockets.size === 1);
      for (const socket of sockets) socket.end();
      return asked;
    });
    await expect(reading).rejects.toMatchObject({ code: 'channel-closed' });
  });

  it.each([
    ['/dev/there-is-none', 'port-missing'],
    ['tcp://127.0.0.1:1', 'port-failed'],
  ])('at %s fails with %s', async (port, code) => {
    await expect(withMeter(options(port), async () => {})).rejects.toMatchObject({ code });
  });

  it('refuses an address without a port', async () => {
    await expect(withMeter(options('tcp://nowhere'), async () => {})).rejects.toMatchObject({
      code: 'usage',
    });
  });
});
