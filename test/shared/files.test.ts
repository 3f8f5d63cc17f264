import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { wholeLinesSize } from '../../src/shared/files.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const LONG = 'x'.repeat(200_000);

test.each([
  ['an empty file', '', 0],
  ['whole lines', 'one\ntwo\n', 8],
  ['a line that was cut', 'one\ntw', 4],
  ['zeros behind the last line', 'one\n\0\0\0', 4],
  ['no line end at all', 'one', 0],
  ['more unfinished text than is read at once', `one\n${LONG}`, 4],
  ['long text without a line end', LONG, 0],
])('the whole lines of %s', async (_, content, size) => {
  const path = join(temporaryFolder(), 'file');
  await writeFile(path, content);
  const file = await open(path, 'r');
  try {
    expect(await wholeLinesSize(file)).toBe(size);
  } finally {
    await file.close();
  }
});
