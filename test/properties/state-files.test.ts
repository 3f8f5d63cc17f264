import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StoredMeterMemory } from '../../src/app/memory.ts';
import { StateStore } from '../../src/app/state-store.ts';
import { type Reading, readingText, toReading } from '../../src/readings/reading.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { PolledLine } from '../support/polled-line.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { harmIn } from './support/harm.ts';

const HOUR = 3_600_000;
const NOON = Date.UTC(2026, 0, 15, 12);
const SERIAL = '84968362';
const PLACE = 'the port';
/** Everything that is remembered for the sake of what is made of a reading. */
const SETTINGS = {
  timezone: 'UTC',
  fineEnergy: true,
  meanTemperatures: true,
  heatEnergyInKwh: true,
  gasEquivalent: 31.6,
};

function memoryIn(folder: string, logger = new CollectingLogger()): StoredMeterMemory {
  return new StoredMeterMemory(new StateStore(folder, logger));
}

/** A bridge that finds `folder` as it is, and reads its meter at 14:00 and 15:00. */
async function started(folder: string) {
  const store = memoryIn(folder);
  const line = new PolledLine({ ...SETTINGS, detailSchedule: 'never', now: NOON + 2 * HOUR, store });
  const answered = answersOf(line);
  await line.firstReading();
  await line.clock.advance(HOUR);
  await line.tick('hourly');
  await line.stop();
  const fresh = line.publisher.readings.flatMap((reading) => reading.fresh);
  return { line, answered, published: fresh.filter(({ register }) => register !== null).map(said) };
}

/** Everything that the meter says from now on. */
function answersOf({ simulator }: PolledLine): ReadonlySet<string> {
  const answers = new Set<string>();
  for (const meter of simulator.meters) {
    const read = meter.read.bind(meter);
    meter.read = (ids) => {
      const records = read(ids);
      for (const record of records) answers.add(said(toReading(record, 0)));
      return records;
    };
  }
  return answers;
}

/** `heat_energy 84.817 GJ` */
function said(reading: Reading): string {
  return `${reading.quantity} ${readingText(reading)}`;
}

type Files = ReadonlyMap<string, string>;

/** What a bridge has written that has read everything, and then the scheduled registers. */
async function written(): Promise<Files> {
  const folder = temporaryFolder();
  const line = new PolledLine({ ...SETTINGS, now: NOON, store: memoryIn(folder) });
  await line.firstReading();
  await line.clock.advance(HOUR);
  await line.tick('hourly');
  await line.stop();
  const names = readdirSync(join(folder, 'meters'));
  return new Map(names.map((name) => [name, readFileSync(join(folder, 'meters', name), 'utf8')]));
}

function folderWith(files: Files): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'meters'));
  for (const [name, text] of files) writeFileSync(join(folder, 'meters', name), text);
  return folder;
}

describe('a state file that a disk has damaged', () => {
  it('gives what was written, or an earlier state of it, or nothing, and never something else', async () => {
    const files = await written();
    const folder = folderWith(files);
    const recalled = (): unknown => memoryIn(folder).lastSeenAt(PLACE, 0x3f);
    const good = recalled();
    rmSync(join(folder, 'meters', `${SERIAL}.recent.json`));
    const earlier = recalled();
    expect([...files.keys()]).toEqual([`${SERIAL}.json`, `${SERIAL}.recent.json`]);
    expect(earlier).toMatchObject({ serialNumber: SERIAL });
    expect(good).not.toEqual(earlier);

    const spot = fc.tuple(
      fc.constantFrom(...files.keys()),
      fc.nat(),
      fc.nat(4),
      fc.integer({ min: 1, max: 255 }),
    );
    fc.assert(
      fc.property(fc.array(spot, { minLength: 1, maxLength: 3 }), (spots) => {
        const changed = new Map(Array.from(files, ([name, text]) => [name, Buffer.from(text)]));
        for (const [name, at, length, flip] of spots) {
          const bytes = changed.get(name) ?? Buffer.alloc(0);
          const from = at % bytes.length;
          // Cut, zeroed, or with some bits turned over.
          if (length === 0) changed.set(name, bytes.subarray(0, from));
          else if (length === 1) bytes.fill(0, from);
          else bytes.writeUInt8((bytes[from] ?? 0) ^ flip, from);
        }
        for (const [name, bytes] of changed) writeFileSync(join(folder, 'meters', name), bytes);
        const logger = new CollectingLogger();
        const found = memoryIn(folder, logger).lastSeenAt(PLACE, 0x3f);
        expect([good, earlier, undefined]).toContainEqual(found);
        if (found === undefined) expect(logger.said('warn')).toHaveLength(1);
      }),
      { seed: 20_260_115, numRuns: 500 },
    );
  });
});

describe('a state file without a checksum that holds anything', () => {
  it('lets the bridge start, read, and publish what the meter says', async () => {
    const files = await written();
    const { version, checksum, ...document } = JSON.parse(files.get(`${SERIAL}.json`) ?? '');
    expect([version, typeof checksum]).toEqual([1, 'string']);
    await fc.assert(
      fc.asyncProperty(harmIn(document), async (changed) => {
        const folder = folderWith(new Map([...files, [`${SERIAL}.json`, JSON.stringify(changed)]]));
        const { line, answered, published } = await started(folder);
        expect(line.logger.matching(/Reading again|nothing is read|learnt anew/)).toEqual([]);
        // A total may be held back, because it is too far from what is remembered.
        expect(published.length).toBeGreaterThan(8);
        expect(published.filter((one) => !answered.has(one))).toEqual([]);
        expect(line.publisher.availability.at(-1)?.online).toBe(true);
      }),
      { seed: 20_260_115, numRuns: 60 },
    );
  });
});
