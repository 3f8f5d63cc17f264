import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { StoredMeterMemory, StoredUnits } from '../../src/app/memory.ts';
import { StateStore } from '../../src/app/state-store.ts';
import type { RememberedMeter } from '../../src/meter/meter-store.ts';
import { storeReading } from '../../src/readings/stored-reading.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SERIAL = '84968362';

function fixture(name: string): string {
  return readFileSync(new URL(`../fixtures/state/${name}`, import.meta.url), 'utf8');
}

/** As the document is stored; without what only this version adds to it. */
function stored(meter: RememberedMeter | undefined): unknown {
  return meter && JSON.parse(JSON.stringify({ ...meter, latest: meter.latest.map(storeReading) }));
}

it('an update loses nothing of what version 0.1.0 has left, and adds to it', () => {
  const folder = temporaryFolder();
  const files = { meters: 'meter-0.1.0.json', units: 'units-0.1.0.json' };
  for (const [subfolder, name] of Object.entries(files)) {
    mkdirSync(join(folder, subfolder));
    writeFileSync(join(folder, subfolder, `${SERIAL}.json`), fixture(name));
  }
  const logger = new CollectingLogger();
  const start = (): StateStore => new StateStore(folder, logger);
  const meter = JSON.parse(fixture(files.meters));
  // Whatever GetType said stands there too, and has no meaning.
  delete meter.type.kind;
  const recalled = new StoredMeterMemory(start()).lastSeenAt(meter.port, meter.address);
  expect(stored(recalled)).toEqual(meter);
  expect(recalled?.latest.length).toBeGreaterThan(80);
  const published = JSON.parse(fixture(files.units));
  expect(new StoredUnits(start()).recall(SERIAL)).toEqual({ published, own: {} });

  const memory = new StoredMeterMemory(start());
  if (recalled === undefined) throw new Error('nothing is remembered');
  for (let present = 2000; present < 2003; present++) {
    memory.remember({ ...recalled, present: [...recalled.present, present] });
    const again = new StoredMeterMemory(start()).recall(SERIAL);
    expect(stored(again)).toEqual({ ...meter, present: [...meter.present, present] });
  }
  expect(existsSync(join(folder, 'meters', `${SERIAL}.recent.json`))).toBe(true);
  expect(logger.lines).toEqual([]);
});
