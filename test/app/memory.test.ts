import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, test } from 'vitest';
import { StoredMeterMemory, StoredUnits } from '../../src/app/memory.ts';
import { StateStore } from '../../src/app/state-store.ts';
import type { RememberedMeter } from '../../src/meter/meter-store.ts';
import { NO_UNITS } from '../../src/outputs/converting-publisher.ts';
import type { StageMaker } from '../../src/readings/pipeline.ts';
import { storeReading } from '../../src/readings/stored-reading.ts';
import { energy, operatingHours } from '../readings/support/readings.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { PolledLine } from '../support/polled-line.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('stored meter memory', () => {
  const METER: RememberedMeter = {
    serialNumber: '6543210',
    port: '/dev/ttyUSB0',
    address: 0x3f,
    type: { meterType: 5, softwareRevision: 'F1' },
    present: [60, 68],
    absent: [61, 62],
    lengths: [[86, 2]],
    latest: [energy('227.445'), operatingHours('33147')],
  };

  function memoryIn(folder: string): StoredMeterMemory {
    return new StoredMeterMemory(new StateStore(folder, new CollectingLogger()));
  }

  /** A memory that finds `document` on disk. */
  function finding(document: unknown): StoredMeterMemory {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'meters'));
    writeFileSync(join(folder, 'meters', '6543210.json'), JSON.stringify(document));
    return memoryIn(folder);
  }

  describe('a meter', () => {
    test.each([
      ['its type', METER.type],
      ['that it does not answer GetType', null],
      ['that GetType was never tried', undefined],
      ['its type without a revision', { meterType: 5, softwareRevision: null }],
    ])('is remembered after a restart, with %s', (_, type) => {
      const folder = temporaryFolder();
      memoryIn(folder).remember({ ...METER, type });
      expect(memoryIn(folder).recall('6543210')).toEqual({ ...METER, type });
    });

    test('that is unknown is not recalled', () => {
      expect(memoryIn(temporaryFolder()).recall('1')).toBeUndefined();
    });

    test('that is forgotten is gone, and the others are not', () => {
      const memory = memoryIn(temporaryFolder());
      memory.remember(METER);
      memory.remember({ ...METER, serialNumber: '7' });
      memory.forget('6543210');
      expect(memory.all().map(({ serialNumber }) => serialNumber)).toEqual(['7']);
    });
  });

  describe('the meter that was last seen at a place', () => {
    const older = { ...METER, serialNumber: '1', latest: [energy('9.000', 1)] };
    const newer = { ...METER, serialNumber: '2', latest: [energy('1.000', 2), energy('1.000', -9)] };
    const never = { ...METER, serialNumber: '3', latest: [] };
    const lastSeenIn = (folder: string): string | undefined =>
      memoryIn(folder).lastSeenAt('/dev/ttyUSB0', 0x3f)?.serialNumber;

    test('is the one that was remembered last, whatever the clock said then', () => {
      const folder = temporaryFolder();
      const fromTheFuture = { ...METER, serialNumber: '4', latest: [energy('5.000', 90_000)] };
      for (const meter of [older, newer, fromTheFuture, older, older]) memoryIn(folder).remember(meter);
      expect(lastSeenIn(folder)).toBe('1');
      memoryIn(folder).remember({ ...newer, latest: [] });
      expect(lastSeenIn(folder)).toBe('2');
    });

    test('is written anew only when another one comes to the place', () => {
      const folder = temporaryFolder();
      const file = join(folder, 'meters', '1.json');
      memoryIn(folder).remember(older);
      memoryIn(folder).remember({ ...newer, port: 'another port' });
      const text = readFileSync(file, 'utf8');
      memoryIn(folder).remember(older);
      expect(readFileSync(file, 'utf8')).toBe(text);
    });

    test('is the one with the newest reading in the files of an earlier version', () => {
      const folder = temporaryFolder();
      mkdirSync(join(folder, 'meters'));
      for (const meter of [newer, older, never]) {
        const document = { ...meter, latest: meter.latest.map(storeReading) };
        writeFileSync(join(folder, 'meters', `${meter.serialNumber}.json`), JSON.stringify(document));
      }
      expect(lastSeenIn(folder)).toBe('2');
    });

    test('is none where the port or the address is another', () => {
      const memory = memoryIn(temporaryFolder());
      memory.remember(METER);
      expect(memory.lastSeenAt('/dev/ttyUSB1', 0x3f)).toBeUndefined();
      expect(memory.lastSeenAt('/dev/ttyUSB0', 0x7f)).toBeUndefined();
    });
  });

  describe('in a run of the bridge', () => {
    const folderWith = (...serialNumbers: readonly string[]): string => {
      const folder = temporaryFolder();
      for (const serialNumber of serialNumbers) memoryIn(folder).remember({ ...METER, serialNumber });
      return folder;
    };

    test('each file is read once, however many meters ask for how much', () => {
      const folder = folderWith('1', '2', '3');
      const memory = memoryIn(folder);
      expect(memory.all().map(({ serialNumber }) => serialNumber)).toEqual(['1', '2', '3']);
      rmSync(join(folder, 'meters'), { recursive: true });
      expect(memory.recall('2')).toEqual({ ...METER, serialNumber: '2' });
      expect(memory.lastSeenAt(METER.port, METER.address)).toBeDefined();
      expect(memory.all()).toHaveLength(3);
    });

    test('what was handed over may be changed without changing what is remembered', () => {
      const memory = memoryIn(folderWith());
      const interpretation = { fine: { digits: { 266: 7 } } };
      memory.remember({ ...METER, interpretation });
      interpretation.fine.digits[266] = 8;
      expect(memory.recall('6543210')?.interpretation).toEqual({ fine: { digits: { 266: 7 } } });
    });

    test('the rates at which its totals were seen to count', () => {
      const folder = folderWith();
      const plausibility = { heat_energy: { unit: 'kWh', seen: ['560.000', '540.000'] } };
      memoryIn(folder).remember({ ...METER, plausibility });
      expect(memoryIn(folder).recall('6543210')?.plausibility).toEqual(plausibility);
    });

    test('a full disk does not keep it from remembering until it ends', () => {
      const folder = join(temporaryFolder({ data: '' }), 'data');
      const memory = memoryIn(folder);
      memory.remember(METER);
      expect(memory.lastSeenAt(METER.port, METER.address)).toEqual(METER);
    });
  });

  describe('what a person or another version left on disk', () => {
    test.each([
      ['a list', []],
      ['a text', 'meter'],
      ['null', null],
      ['no serial number', { ...METER, serialNumber: 6543210 }],
      ['no port', { ...METER, port: undefined }],
      ['no address', { ...METER, address: '3F' }],
    ])('is no meter: %s', (_, document) => {
      const memory = finding(document);
      expect(memory.recall('6543210')).toBeUndefined();
      expect(memory.all()).toEqual([]);
    });

    test.each([
      ['a type in words', { type: 'MULTICAL 601' }, { type: undefined }],
      ['a type without its code', { type: { softwareRevision: 'F1' } }, { type: undefined }],
      [
        'a revision that is no text',
        { type: { meterType: 5, softwareRevision: 7 } },
        { type: { meterType: 5 } },
      ],
      ['registers that are no numbers', { present: ['60', 68, null] }, { present: [68] }],
      ['no list of registers', { absent: 61 }, { absent: [] }],
      ['lengths that are none', { lengths: [[86, 2], [99], 'x', [null, 4]] }, { lengths: [[86, 2]] }],
      ['no readings', { latest: undefined }, { latest: [] }],
      ['readings that are none', { latest: [1, {}, null] }, { latest: [] }],
    ])('costs only itself: %s', (_, fault, expected) => {
      const recalled = finding({ ...METER, latest: [], ...fault }).recall('6543210');
      expect(recalled).toMatchObject({ serialNumber: '6543210', ...expected });
    });
  });

  test('a disk that cannot be written costs the memory, and does not throw', () => {
    const memory = memoryIn(join(temporaryFolder({ data: '' }), 'data'));
    memory.remember(METER);
    memory.forget('6543210');
    expect(memory.recall('6543210')).toBeUndefined();
    expect(memory.all()).toEqual([]);
  });

  test('a document whose serial number is none is no meter, because it would go into topics and paths', () => {
    const folder = temporaryFolder();
    const place = { port: 'here', address: 63, present: [], absent: [], latest: [] };
    mkdirSync(join(folder, 'meters'));
    for (const [name, serialNumber] of [
      ['a', '+/#'],
      ['b', '../../evil'],
    ]) {
      writeFileSync(join(folder, 'meters', `${name}.json`), JSON.stringify({ ...place, serialNumber }));
    }
    expect(new StoredMeterMemory(new StateStore(folder, new CollectingLogger())).all()).toEqual([]);
  });
});

describe('stored units', () => {
  let store: StateStore;
  let units: StoredUnits;
  beforeEach(() => {
    store = new StateStore(temporaryFolder(), new CollectingLogger());
    units = new StoredUnits(store);
  });

  it('units are known again after a restart, until their meter is forgotten', () => {
    const last = { published: { heat_energy: 'kWh', volume: 'm³' }, own: { volume: 'l' } };
    units.remember('84968362', last);
    expect(new StoredUnits(store).recall('84968362')).toEqual(last);
    expect(units.recall('6517223')).toEqual(NO_UNITS);
    units.forget('84968362');
    expect(units.recall('84968362')).toEqual(NO_UNITS);
  });

  it('what is no unit in the file does not count', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'units'));
    writeFileSync(join(folder, 'units', '84968362.json'), '{ "heat_energy": 7, "volume": "l", "own": 3 }');
    store = new StateStore(folder, new CollectingLogger());
    expect(new StoredUnits(store).recall('84968362')).toEqual({ published: { volume: 'l' }, own: {} });
  });
});

describe('what a stage remembers and cannot live with', () => {
  it('is set aside with its file, told once, and costs no reading', async () => {
    const folder = temporaryFolder();
    const logger = new CollectingLogger();
    const picky: StageMaker = (remembered) => ({
      interpret: (readings) => {
        if (remembered === 'old') throw new Error('what is this?');
        return readings;
      },
      toRemember: () => (remembered === undefined ? 'old' : 'new'),
    });
    const run = async (): Promise<PolledLine> => {
      const store = new StoredMeterMemory(new StateStore(folder, logger));
      const line = new PolledLine({ store, furtherStages: { picky } });
      await line.firstReading();
      await line.tick('hourly');
      await line.stop();
      return line;
    };
    await run();
    const line = await run();
    expect(line.publisher.readings.at(-1)?.fresh.length).toBeGreaterThan(7);
    expect(line.logger.matching(/Reading again/)).toEqual([]);
    const file = join(folder, 'meters', '84968362.json');
    expect(logger.all).toEqual([
      `warn Cannot use ${file}: with its "picky" nothing is read (what is this?). It is set aside as ${file}.bad. What follows from earlier readings there begins anew, and nothing else.`,
    ]);
    expect(readdirSync(join(folder, 'meters'))).toContain('84968362.json.bad');
    const { present = [] } = new StoredMeterMemory(new StateStore(folder, logger)).recall('84968362') ?? {};
    expect(present.length).toBeGreaterThan(50);
  });
});
