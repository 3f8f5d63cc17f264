import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type Opened, storeIn } from './support/any-documents.ts';

/** Permissions mean nothing to root. */
const IS_ROOT = process.getuid?.() === 0;

describe('a document', () => {
  test('comes back after a restart', () => {
    const folder = temporaryFolder();
    const document = { present: [60, 68], type: null, text: '65.20 °C' };
    storeIn(folder).store.write('meters/6543210', document);
    expect(storeIn(folder).store.read('meters/6543210')).toEqual(document);
  });

  test('that was never written is undefined, and nothing to complain about', () => {
    const { store, logger } = storeIn(temporaryFolder());
    expect(store.read('meters/6543210')).toBeUndefined();
    expect(logger.lines).toEqual([]);
  });

  test('makes its folder, however deep', () => {
    const { store, logger } = storeIn(join(temporaryFolder(), 'data', 'of', 'ours'));
    store.write('meters/6543210', { is: 1 });
    expect(store.read('meters/6543210')).toEqual({ is: 1 });
    expect(logger.lines).toEqual([]);
  });

  test('is replaced by the next one', () => {
    const folder = temporaryFolder();
    const { store } = storeIn(folder);
    store.write('meter', { long: 'x'.repeat(1_000) });
    store.write('meter', { short: 1 });
    expect(store.read('meter')).toEqual({ short: 1 });
    expect(storeIn(folder).store.read('meter')).toEqual({ short: 1 });
  });

  test('can be read by a person', () => {
    const folder = temporaryFolder();
    storeIn(folder).store.write('meter', { port: 'here', present: [60] });
    const text = readFileSync(join(folder, 'meter.json'), 'utf8');
    expect(text.split('\n').length).toBeGreaterThan(3);
    expect(text.endsWith('\n')).toBe(true);
  });

  test('that is removed is gone, and removing it twice is nothing', () => {
    const { store, logger } = storeIn(temporaryFolder());
    store.write('meter', { is: 1 });
    store.remove('meter');
    store.remove('meter');
    expect(store.read('meter')).toBeUndefined();
    expect(logger.lines).toEqual([]);
  });
});

test('documents of a folder are listed, and nothing else that lies there', () => {
  const folder = temporaryFolder();
  const { store, files } = storeIn(folder);
  store.write('meters/1', { is: 1 });
  store.write('meters/1', { is: 2 });
  store.write('meters/2', { is: 2 });
  store.write('elsewhere', { is: 3 });
  writeFileSync(join(folder, 'meters', '3.json.bad'), '{');
  writeFileSync(join(folder, 'meters', '4.json.123456'), '{}');
  expect(files.list('meters').sort()).toEqual(['meters/1', 'meters/2']);
  expect(files.list('nothing')).toEqual([]);
});

describe('a document is whole or not there:', () => {
  test('no other file is left beside it', () => {
    const folder = temporaryFolder();
    const { store } = storeIn(folder);
    for (let is = 0; is < 5; is++) store.write('meter', { is });
    expect(readdirSync(folder)).toEqual(['meter.json', 'meter.recent.json']);
  });

  test('the old one is not written into, so that whoever has it open sees it to its end', () => {
    const folder = temporaryFolder();
    const { store } = storeIn(folder);
    store.write('meter', { text: 'x'.repeat(4_000) });
    store.write('meter', { text: 'y' });
    for (const file of ['meter.json', 'meter.recent.json']) {
      const before = readFileSync(join(folder, file), 'utf8');
      const opened = openSync(join(folder, file), 'r');
      store.write('meter', { text: file === 'meter.json' ? 'z'.repeat(4_000) : 'z' });
      expect(readFileSync(opened, 'utf8')).toBe(before);
      expect(readFileSync(join(folder, file), 'utf8')).not.toBe(before);
      closeSync(opened);
      store.write('meter', { text: 'y' });
    }
  });

  test('what cannot be turned into JSON leaves the old one', () => {
    const folder = temporaryFolder();
    const { store, logger } = storeIn(folder);
    store.write('meter', { good: true });
    store.write('meter', { number: 1n });
    expect(store.read('meter')).toEqual({ good: true });
    expect(readdirSync(folder)).toEqual(['meter.json']);
    expect(logger.said('error')).toHaveLength(1);
  });
});

describe('a document that cannot be read', () => {
  test.each([
    ['is cut', '{"present": [60, 6'],
    ['is empty', ''],
    ['was zeroed by a power failure', '\0\0\0\0\0\0'],
  ])('because it %s is set aside, and said once', (_, content) => {
    const folder = temporaryFolder({ 'meter.json': content });
    const { store, logger } = storeIn(folder);
    expect(store.read('meter')).toBeUndefined();
    expect(store.read('meter')).toBeUndefined();
    expect(readFileSync(join(folder, 'meter.json.bad'), 'utf8')).toBe(content);
    expect(logger.said('warn')).toHaveLength(1);
    expect(logger.said('warn')[0]).toMatch(/meter\.json.*set aside as .*meter\.json\.bad/);
  });

  test('for another reason than its content stays where it is', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'meter.json'));
    const { store, logger } = storeIn(folder);
    expect(store.read('meter')).toBeUndefined();
    expect(logger.said('warn')).toEqual([expect.stringMatching(/^Cannot read .*Going on without it\.$/)]);
    expect(existsSync(join(folder, 'meter.json'))).toBe(true);
  });

  test('and not be set aside either is begun anew', () => {
    const folder = temporaryFolder({ 'meter.json': '{' });
    mkdirSync(join(folder, 'meter.json.bad'));
    const { store, logger } = storeIn(folder);
    expect(store.read('meter')).toBeUndefined();
    expect(logger.said('warn')[0]).toMatch(/begins anew: everything/);
    expect(logger.said('warn')[0]).not.toMatch(/set aside/);
    store.write('meter', { is: 1 });
    expect(store.read('meter')).toEqual({ is: 1 });
  });
});

describe('a folder that cannot be written', () => {
  /** A file where the folder should be: no write works, for any user. */
  function blocked(): Opened & { blocker: string } {
    const blocker = join(temporaryFolder({ data: '' }), 'data');
    return { ...storeIn(blocker), blocker };
  }

  test('costs the memory, not the program, and is said once', () => {
    const { store, logger } = blocked();
    store.write('meters/1', { is: 1 });
    store.write('meters/2', { is: 2 });
    expect(logger.said('error')).toHaveLength(1);
    expect(logger.said('error')[0]).toMatch(/^Cannot write .*disk full.*Going on without memory/);
  });

  test('is said again when it had worked in between', () => {
    const { store, logger, blocker } = blocked();
    store.write('meters/1', { is: 1 });
    rmSync(blocker);
    store.write('meters/1', { is: 2 });
    rmSync(blocker, { recursive: true });
    writeFileSync(blocker, '');
    store.write('meters/1', { is: 3 });
    expect(logger.said('error')).toHaveLength(2);
  });

  test('does not end the program when something is to be removed', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'meter.json'));
    const { store, logger } = storeIn(folder);
    store.remove('meter');
    expect(logger.said('error')[0]).toMatch(/^Cannot remove .*meter\.json/);
  });

  test.skipIf(IS_ROOT)('because it is read-only keeps the old document readable', () => {
    const folder = temporaryFolder();
    const { store, logger } = storeIn(folder);
    store.write('meter', { is: 1 });
    chmodSync(folder, 0o555);
    store.write('meter', { is: 2 });
    chmodSync(folder, 0o755);
    expect(storeIn(folder).store.read('meter')).toEqual({ is: 1 });
    expect(logger.said('error')).toHaveLength(1);
  });
});

test('what a killed program left half written goes, and nothing else does', () => {
  const folder = temporaryFolder();
  const files = ['meters/7.json.3141592653', 'units/7.json.1', 'waiting/influxdb/cursor.json.27'];
  const others = ['meters/7.json.bad', 'waiting/influxdb/cursor.json', 'meters/7.json', 'notes.json.1'];
  for (const file of [...files, ...others]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), '{}');
  }
  const { files: store, logger } = storeIn(folder);
  store.tidy();
  expect(files.filter((file) => existsSync(join(folder, file)))).toEqual([]);
  expect(others.filter((file) => !existsSync(join(folder, file)))).toEqual([]);
  expect(logger.lines).toEqual([]);
});
