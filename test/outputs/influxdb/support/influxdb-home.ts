import { onTestFinished } from 'vitest';
import type { InfluxdbConfig } from '../../../../src/outputs/influxdb/config.ts';
import { InfluxdbOutput } from '../../../../src/outputs/influxdb/output.ts';
import type { OutputParts } from '../../../../src/outputs/output.ts';
import type { Reading } from '../../../../src/readings/reading.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { METER } from '../../support/meter-readings.ts';
import { outputParts } from '../../support/output-parts.ts';

const CONFIG: InfluxdbConfig = {
  enabled: true,
  url: '',
  database: '',
  username: '',
  password: '',
  org: '',
  bucket: '',
  token: '',
  measurement: 'multical',
  tags: [{ key: 'serial_number' }, { key: 'name' }, { key: 'model' }],
  units: 'published',
  ca: '',
  rejectUnauthorized: true,
};

/** An output to InfluxDB in a folder of its own, started and stopped with the test. */
export function influxdbHome(
  server: Partial<InfluxdbConfig>,
  {
    directory = temporaryFolder(),
    maxBytes = 50_000_000,
    ...config
  }: Partial<InfluxdbConfig & OutputParts['outbox']> = {},
) {
  const outbox = { directory, maxBytes, maxAge: 31_536_000_000 };
  const parts = outputParts({ outbox });
  const { clock, logger } = parts;
  const output = new InfluxdbOutput({ ...CONFIG, ...server, ...config }, parts);
  output.start();
  onTestFinished(() => output.stop());
  const publish = (fresh: readonly Reading[], meter = METER): void =>
    output.readingTaken(meter, fresh, fresh);
  return { output, publish, clock, logger, directory };
}
