import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadFile } from '../config/support/loading.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const PAGE = readFileSync(resolve(import.meta.dirname, '../../docs/many-meters.md'), 'utf8');
const [, rows = ''] = /^```\n([\s\S]*?)\n```$/m.exec(PAGE) ?? [];
const [, script = ''] = /^```sh\n([\s\S]*?)\n```$/m.exec(PAGE) ?? [];

describe('docs/many-meters.md', () => {
  it('has a script that makes a configuration of a list', () => {
    const folder = temporaryFolder({ 'meters.csv': `${rows}\n` });
    const { status, stderr } = spawnSync('sh', ['-c', script], { cwd: folder, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    const { config, advice } = loadFile(readFileSync(join(folder, 'multical2mqtt.json'), 'utf8'));
    expect(config.meters.map(({ name, port }) => `${name};${port}`)).toEqual(rows.split('\n'));
    expect(new Set(config.meters.map(({ schedule }) => String(schedule))).size).toBe(config.meters.length);
    expect(advice).toEqual([]);
  });
});
