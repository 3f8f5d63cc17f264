import { expect, it, onTestFinished } from 'vitest';
import { Bridge } from '../../src/app/bridge.ts';
import { ScriptedBroker } from '../mqtt/support/scripted-broker.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { bridgeConfig } from '../support/running-bridge.ts';
import { silentPort } from '../support/silent-port.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Takes every client (CONNACK), and confirms nothing after that. */
const DEAF = [0x20, 2, 0, 0];

it('a reading that runs when the bridge stops is cut after two seconds, and goodbye takes two more', async () => {
  const { port, sockets, heard } = await silentPort();
  const broker = await new ScriptedBroker(DEAF).start();
  onTestFinished(() => broker.stop());
  const config = bridgeConfig({ meters: [{ port }], mqtt: { url: broker.url } }, temporaryFolder());
  const clock = new FakeClock();
  const logger = new CollectingLogger();
  const bridge = await Bridge.make({ config, version: '1.2.3', logger, clock, random: () => 0 });
  bridge.start();
  await eventually(() => heard() > 0 && logger.matching(/Connected to the MQTT broker/).length > 0);

  let stopped = false;
  const stopping = bridge.stop().then(() => {
    stopped = true;
  });
  await clock.advance(1_999);
  expect(sockets.size).toBe(1);
  await clock.advance(1);
  await eventually(() => sockets.size === 0);
  await clock.advance(1_999);
  expect(stopped).toBe(false);
  await clock.advance(1);
  await stopping;
  expect(clock.pendingTimers).toBe(0);
});
