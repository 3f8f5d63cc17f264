import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder, makeFolderNow } from '../../src/shared/folders.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe.each([
  ['at once', async (path: string) => makeFolderNow(path)],
  ['without waiting', makeFolder],
])('a folder that is made %s', (_, make) => {
  it('comes with those above it, and may be there already', async () => {
    const path = join(temporaryFolder(), 'a', 'b', 'c');
    await make(path);
    await make(path);
    expect(statSync(path).isDirectory()).toBe(true);
  });

  it('is refused where a file is in its way', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    await expect(make(file)).rejects.toThrow('EEXIST');
    await expect(make(join(file, 'a', 'b'))).rejects.toThrow('ENOTDIR');
  });

  it.skipIf(!existsSync('/proc/self'))(
    'is refused where the system has none, instead of trying for ever',
    async () => {
      await expect(make('/proc/nope')).rejects.toThrow('ENOENT');
      await expect(make('/proc/nope/a/b')).rejects.toThrow('ENOENT');
    },
  );
});
