import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { bridgeConfig, runningBridge } from '../support/running-bridge.ts';
import { servedMeter } from '../support/served-meter.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

it('a bridge without a broker writes what it reads to CSV files', async () => {
  const { port } = await servedMeter();
  const dataDir = temporaryFolder();
  const directory = join(dataDir, 'csv');
  const { bridge } = await runningBridge(
    bridgeConfig(
      { meters: [{ port }], mqtt: { enabled: false }, csv: { enabled: true, directory } },
      dataDir,
    ),
  );
  await eventually(() => bridge.otherOutputs.find(({ name }) => name === 'csv')?.health.delivered);
  await bridge.stop();
  const [file = ''] = readdirSync(directory);
  expect(file).toMatch(/^multical-\d{4}-\d\d-\d\d\.csv$/);
  const [header, first] = readFileSync(join(directory, file), 'utf8').split('\n');
  expect(header).toBe('time,serial_number,name,quantity,value,unit');
  expect(first).toMatch(/^\d{4}-[^,]+,84968362,Heat meter,heat_energy,84\.817,GJ$/);
});
