import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { storeIn } from './support/any-documents.ts';

describe('what has changed since a document was written whole', () => {
  const LONG = { text: 'x'.repeat(20_000), details: Array.from({ length: 50 }, (_, id) => [id, 'still']) };

  /** A folder whose document was written whole, then changed. */
  function changed(): { folder: string; file: string; recent: string } {
    const folder = temporaryFolder();
    const { store } = storeIn(folder);
    store.write('meter', { ...LONG, count: 1 });
    store.write('meter', { ...LONG, count: 2 });
    return { folder, file: join(folder, 'meter.json'), recent: join(folder, 'meter.recent.json') };
  }

  test('is all that is written, as long as it is little', () => {
    const folder = temporaryFolder();
    const written: Array<{ file: string; bytes: number }> = [];
    const { store } = storeIn(folder, (file, text) => {
      written.push({ file: file.slice(folder.length + 1), bytes: text.length });
      writeFileSync(file, text);
    });
    for (let count = 0; count < 3; count++) store.write('meter', { ...LONG, count });
    store.write('meter', { ...LONG, count: 2 });
    store.write('meter', { ...LONG, count: 3, more: 'y'.repeat(3_000) });
    store.write('meter', { ...LONG, count: 4, more: 'y'.repeat(3_000) });
    expect(written.map(({ file }) => file)).toEqual([
      'meter.json',
      'meter.recent.json',
      'meter.recent.json',
      'meter.json',
      'meter.recent.json',
    ]);
    expect(written.filter(({ file }) => file.includes('recent')).every(({ bytes }) => bytes < 200)).toBe(
      true,
    );
    expect(storeIn(folder).store.read('meter')).toEqual({ ...LONG, count: 4, more: 'y'.repeat(3_000) });
  });

  test('is told of the document as it is on disk, when the disk works again', () => {
    const folder = temporaryFolder();
    let isFull = false;
    const { store } = storeIn(folder, (file, text) => {
      if (isFull) throw new Error('no space left on device');
      writeFileSync(file, text);
    });
    store.write('meter', { ...LONG, count: 1 });
    isFull = true;
    store.write('meter', { ...LONG, count: 2 });
    store.write('meter', { text: 'y'.repeat(20_000), count: 3 });
    expect(store.read('meter')).toMatchObject({ count: 3 });
    expect(storeIn(folder).store.read('meter')).toEqual({ ...LONG, count: 1 });
    isFull = false;
    store.write('meter', { ...LONG, count: 4 });
    expect(storeIn(folder).store.read('meter')).toEqual({ ...LONG, count: 4 });
  });

  test('does not count for another document than the one it was told of', () => {
    const { folder, file, recent } = changed();
    const old = readFileSync(recent);
    storeIn(folder).store.write('meter', { ...LONG, text: 'z'.repeat(4_000), count: 3 });
    // As if the power had failed between two writes.
    writeFileSync(recent, old);
    expect(storeIn(folder).store.read('meter')).toMatchObject({ count: 3 });
    // A person wrote the document: it is taken, and written whole the next time.
    writeFileSync(file, JSON.stringify({ count: 7 }));
    const { store, logger } = storeIn(folder);
    expect(store.read('meter')).toEqual({ count: 7 });
    store.write('meter', { count: 8 });
    expect(storeIn(folder).store.read('meter')).toEqual({ count: 8 });
    expect(logger.lines).toEqual([]);
  });

  test.each([
    ['cut', (text: string) => text.slice(0, -9)],
    ['changed', (text: string) => text.replace('[2]', '[3]')],
    ['without its checksum', (text: string) => text.replace(/"checksum":.*\n/, '')],
  ])('goes by itself where it was %s', (_, harm) => {
    const { folder, recent } = changed();
    writeFileSync(recent, harm(readFileSync(recent, 'utf8')));
    const { store, logger } = storeIn(folder);
    expect(store.read('meter')).toEqual({ ...LONG, count: 1 });
    expect(logger.said('warn')).toEqual([
      expect.stringMatching(
        /recent\.json: .* set aside as .*recent\.json\.bad\. What had changed since .* lost/,
      ),
    ]);
    store.write('meter', { ...LONG, count: 5 });
    expect(storeIn(folder).store.read('meter')).toEqual({ ...LONG, count: 5 });
  });

  test('goes with the document', () => {
    const { folder, file } = changed();
    storeIn(folder).store.remove('meter');
    expect(readdirSync(folder)).toEqual([]);
    const again = changed();
    writeFileSync(again.file, '{');
    expect(storeIn(again.folder).store.read('meter')).toBeUndefined();
    expect(readdirSync(again.folder)).toEqual(['meter.json.bad']);
    expect(file).not.toBe(again.file);
  });
});

describe('a document that was damaged without becoming unreadable', () => {
  test.each([
    ['a digit', (text: string) => text.replace('84.817', '94.817')],
    ['a name', (text: string) => text.replace('value', 'vblue')],
    ['an older version', (text: string) => text.replace('"version":1', '"version":0')],
    ['a newer version', (text: string) => text.replace('"version":1', '"version":9')],
    ['its checksum', (text: string) => text.replace(/"checksum":"./, '"checksum":"_')],
  ])('is not believed: %s', (_, harm) => {
    const folder = temporaryFolder();
    storeIn(folder).store.write('meter', { value: '84.817' });
    const file = join(folder, 'meter.json');
    writeFileSync(file, harm(readFileSync(file, 'utf8')));
    const { store, logger } = storeIn(folder);
    expect(store.read('meter')).toBeUndefined();
    expect(logger.said('warn')).toEqual([
      `Cannot use ${file}: it was changed or damaged. It is set aside as ${file}.bad. This begins anew: everything.`,
    ]);
  });

  test('is the same document where only its form is another', () => {
    const folder = temporaryFolder();
    storeIn(folder).store.write('meter', { value: '84.817', days: { '2026-01-15': 1, 7: 2 } });
    const file = join(folder, 'meter.json');
    writeFileSync(file, JSON.stringify(JSON.parse(readFileSync(file, 'utf8')), null, 4));
    expect(storeIn(folder).store.read('meter')).toEqual({ value: '84.817', days: { '2026-01-15': 1, 7: 2 } });
  });
});

describe('a document of a newer version', () => {
  test.each([['meter.json'], ['meter.recent.json']])('is left alone and told once: %s', (newer) => {
    const folder = temporaryFolder();
    storeIn(folder).store.write('meter', { old: 'x'.repeat(4_000) });
    const content = '{ "version": 2, "what": "it means, nobody knows here" }';
    writeFileSync(join(folder, newer), content);
    const before = readdirSync(folder);
    const { store, logger } = storeIn(folder);
    expect(store.read('meter')).toBeUndefined();
    store.write('meter', { count: 1 });
    expect(store.read('meter')).toEqual({ count: 1 });
    store.remove('meter');
    expect(readFileSync(join(folder, newer), 'utf8')).toBe(content);
    expect(readdirSync(folder)).toEqual(before);
    expect(logger.all).toEqual([
      expect.stringMatching(/^warn .*meter\.json is of a newer version.*everything/),
    ]);
  });
});
