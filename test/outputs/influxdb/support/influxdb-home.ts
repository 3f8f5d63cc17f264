import { onTestFinished } from 'vitest';
import { InfluxdbOutput, type InfluxdbOutputOptions } from '../../../../src/outputs/influxdb/output.ts';
import type { Reading } from '../../../../src/readings/reading.ts';
import { CollectingLogger } from '../../../support/collecting-logger.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { METER } from '../../support/meter-readings.ts';

const ADDRESS = {
  url: '',
  database: '',
  username: '',
  password: '',
  org: '',
  bucket: '',
  token: '',
  ca: '',
  rejectUnauthorized: true,
};

/** An output to InfluxDB in a folder of its own, started and stopped with the test. */
export function influxdbHome(
  server: Partial<InfluxdbOutputOptions['server']>,
  options: Partial<InfluxdbOutputOptions> = {},
) {
  const clock = new FakeClock();
  const logger = new CollectingLogger();
  const directory = options.directory ?? temporaryFolder();
  const output = new InfluxdbOutput({
    server: { ...ADDRESS, ...server },
    measurement: 'multical',
    tags: [{ key: 'serial_number' }, { key: 'name' }, { key: 'model' }],
    units: 'published',
    directory,
    maxBytes: 50_000_000,
    maxAge: 31_536_000_000,
    clock,
    random: () => 0,
    logger,
    changed: () => {},
    ...options,
  });
  output.start();
  onTestFinished(() => output.stop());
  const publish = (fresh: readonly Reading[], meter = METER): void => output.readingTaken(meter, fresh);
  return { output, publish, clock, logger, directory };
}
