import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SCRIPT = resolve(import.meta.dirname, '../../scripts/judge-layers.mjs');

function judge(said: string, folder: string): { status: number | null; complaint: string } {
  const { status, stderr } = spawnSync(process.execPath, [SCRIPT, folder], { input: said, encoding: 'utf8' });
  return { status, complaint: stderr };
}

describe('the check of the layers', () => {
  it('is content when every file was seen', () => {
    const folder = temporaryFolder({ 'one.ts': '', 'two.ts': '', 'three.json': '' });
    const said = '✔ no dependency violations found (5 modules, 7 dependencies cruised)\n';
    expect(judge(said, folder)).toEqual({ status: 0, complaint: '' });
  });

  it.each([0, 1])('fails when %i modules of two were seen', (seen) => {
    const folder = temporaryFolder({ 'one.ts': '', 'two.ts': '' });
    const said = `✔ no dependency violations found (${seen} modules, 0 dependencies cruised)\n`;
    expect(judge(said, folder)).toEqual({
      status: 1,
      complaint: expect.stringContaining(`${seen} modules were seen of 2 files`),
    });
  });

  it('fails where there is nothing to see', () => {
    const said = '✔ no dependency violations found (0 modules, 0 dependencies cruised)\n';
    expect(judge(said, temporaryFolder()).status).toBe(1);
  });

  it.each([
    [
      'found something',
      'x 1 dependency violations (1 errors, 0 warnings). 5 modules, 7 dependencies cruised.\n',
    ],
    ['did not get so far', ''],
  ])('fails when dependency-cruiser %s', (_what, said) => {
    expect(judge(said, temporaryFolder({ 'one.ts': '' })).status).toBe(1);
  });
});
