import { createServer, type Server } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { Bridge } from '../../src/app/bridge.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { freePort } from '../support/free-port.ts';
import { bridgeConfig } from '../support/running-bridge.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SECOND = 1_000;
const A_DAY = 86_400;

let door: Server | undefined;

afterEach(() => {
  door?.close();
});

/** Accepts each connection and closes it. */
async function closingDoor(): Promise<number> {
  door = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => door?.listen(0, '127.0.0.1', resolve));
  const address = door.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

/** What a whole bridge tells on one day. */
async function aDayOf(keys: Readonly<Record<string, unknown>>): Promise<readonly string[]> {
  const [clock, logger] = [new FakeClock(), new CollectingLogger()];
  const config = bridgeConfig(keys, temporaryFolder());
  const bridge = await Bridge.make({ config, version: '1.2.3', logger, clock, random: () => 0 });
  bridge.start();
  await eventually(() => logger.told.length > 0);
  for (let seconds = 0; seconds < A_DAY; seconds += 10) {
    await clock.advance(10 * SECOND);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await clock.runUntil(bridge.stop());
  return logger.told;
}

const NOWHERE = '/no/such/port';

it.each([
  ['no port, with a reading twice a minute', async () => ({ port: NOWHERE }), /Plug in the optical head/],
  [
    'a gateway that accepts and closes',
    async () => ({ port: `tcp://127.0.0.1:${await closingDoor()}` }),
    /Was the gateway restarted, or does another program use it/,
  ],
  [
    'no gateway',
    async () => ({ port: `tcp://127.0.0.1:${await freePort()}` }),
    /Is the gateway on, are host and port right/,
  ],
])('%s: fewer than 30 lines a day, the first with what to do', async (_, meter, advice) => {
  const meters = [{ name: 'Heating', schedule: 'live', mainsPowered: true, ...(await meter()) }];
  const told = await aDayOf({
    meters,
    mqtt: { enabled: false },
    csv: { enabled: true, directory: temporaryFolder() },
  });
  expect(told.length, told.join('\n')).toBeLessThan(30);
  expect(told.find((line) => !line.startsWith('info'))).toMatch(advice);
});

it.each([
  ['no broker', freePort, /is the broker running, and is the port in mqtt\.url right\?/],
  ['a broker that closes each connection', closingDoor, /does this port want TLS/],
])('%s: fewer than 30 lines a day, the first with what to do', async (_, portOf, advice) => {
  const meters = [{ name: 'Heating', port: NOWHERE }];
  const mqtt = { url: `mqtt://127.0.0.1:${await portOf()}` };
  const told = (await aDayOf({ meters, mqtt })).filter((line) => line.includes('MQTT broker'));
  expect(told.length, told.join('\n')).toBeLessThan(30);
  expect(told[0]).toMatch(advice);
});
