import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MqttConnection } from '../../src/mqtt/mqtt-connection.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { settingsFor } from './support/settings.ts';

it('a certificate that is no certificate, half written for example, is complained about and tried again', async () => {
  const folder = temporaryFolder({ 'cert.pem': 'half a certif', 'key.pem': 'half a key' });
  const clock = new FakeClock();
  const logger = new CollectingLogger();
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  const settings = settingsFor('mqtts://localhost:1', files);
  const connection = new MqttConnection({ settings, clock, random: () => 0, logger });
  connection.start();
  await clock.advance(5_000);
  expect(logger.said('warn')).toHaveLength(1);
  expect(clock.pendingTimers).toBe(1);
  await connection.stop();
  expect(clock.pendingTimers).toBe(0);
});
