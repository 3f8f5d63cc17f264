import { expect, it } from 'vitest';
import { StoredMeterMemory } from '../../src/app/memory.ts';
import { StateStore } from '../../src/app/state-store.ts';
import { rememberProbe } from '../../src/cli/commands/probe.ts';
import { describeMeter } from '../../src/cli/one-shot.ts';
import { energy, operatingHours } from '../readings/support/readings.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

it('a register that a probe did not find any more takes its last value with it', () => {
  const dataDir = temporaryFolder();
  const logger = new CollectingLogger();
  const memory = new StoredMeterMemory(new StateStore(dataDir, logger));
  const place = { port: 'COM1', address: 0x3f };
  const latest = [energy('84.817'), operatingHours('4512')];
  memory.remember({ serialNumber: '7', ...place, type: null, present: [60, 1004], absent: [], latest });
  const meter = describeMeter('7', null);
  const result = { meter, readAt: 0, readings: [], absent: [1004], silent: [] };
  rememberProbe(result, place, dataDir, logger);
  expect(memory.recall('7')?.latest.map(({ quantity }) => quantity)).toEqual(['heat_energy']);
});
