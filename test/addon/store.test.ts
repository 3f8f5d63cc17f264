import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { scanStore } from './support/store-scan.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const FILES = [
  'CHANGELOG.md',
  'DOCS.md',
  'README.md',
  'apparmor.txt',
  'config.yaml',
  'icon.png',
  'logo.png',
  'translations',
];

function staged(...words: readonly string[]): string {
  const out = temporaryFolder();
  execFileSync(process.execPath, [join(ROOT, 'scripts/stage-addon.mjs'), out, ...words]);
  return out;
}

/** Stages by the scripts of a repository, ours unless said otherwise. */
function stage(out: string, repository = ROOT): { status: number | null; said: string } {
  const { status, stderr } = spawnSync(process.execPath, [join(repository, 'scripts/stage-addon.mjs'), out], {
    encoding: 'utf8',
  });
  return { status, said: stderr };
}

describe('the store', () => {
  it('of the branch that users add has one add-on, and nothing to warn of', () => {
    const out = staged();
    expect(scanStore(out)).toEqual({ addons: ['multical2mqtt'], warnings: [], repositories: 1 });
    expect(readdirSync(out).sort()).toEqual(['multical2mqtt', 'repository.yaml']);
    expect(readdirSync(join(out, 'multical2mqtt')).sort()).toEqual(FILES);
    expect(parse(readFileSync(join(out, 'repository.yaml'), 'utf8'))).toEqual({
      name: 'multical2mqtt',
      url: expect.stringMatching(/^https:\/\/github\.com\//),
      maintainer: expect.any(String),
    });
  });

  it('of a local build has one add-on that names no image and brings all that it is built from', () => {
    if (!existsSync(join(ROOT, 'dist/main.js'))) throw new Error('npm run build comes first');
    const out = staged('--local');
    expect(scanStore(out)).toEqual({ addons: ['multical2mqtt'], warnings: [], repositories: 0 });
    const folder = join(out, 'multical2mqtt');
    const { image, ...local } = parse(readFileSync(join(folder, 'config.yaml'), 'utf8'));
    const { image: published, ...original } = parse(readFileSync(join(ROOT, 'addon/config.yaml'), 'utf8'));
    expect(image).toBeUndefined();
    expect(published).toMatch(/^ghcr\.io\/[a-z0-9-]+\/multical2mqtt$/);
    expect(local).toEqual(original);
    const dockerfile = readFileSync(join(folder, 'Dockerfile'), 'utf8');
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files = '']) =>
      files.split(' '),
    );
    for (const file of copied) expect(existsSync(join(folder, file)), file).toBe(true);
    expect(dockerfile).toContain(
      'ENTRYPOINT ["node", "--optimize-for-size", "--semi-space-growth-factor=1", "--single-threaded", "/app/dist/main.js"]',
    );
  });

  it('that is staged twice holds nothing of the first time', () => {
    const out = temporaryFolder();
    expect(stage(out).status).toBe(0);
    cpSync(join(ROOT, 'config.json'), join(out, 'multical2mqtt/config.json'));
    expect(stage(out).status).toBe(0);
    expect(scanStore(out).warnings).toEqual([]);
  });

  it.each([
    ['a clone', ['config.yaml', '.git']],
    ['something else', ['notes.txt']],
  ])('is not staged over %s of the same name', (_what, names) => {
    const out = temporaryFolder();
    const folder = join(out, 'multical2mqtt');
    mkdirSync(folder);
    for (const name of names) writeFileSync(join(folder, name), 'slug: multical2mqtt\n');
    expect(stage(out)).toEqual({ status: 2, said: expect.stringContaining('is left alone') });
    expect(readdirSync(folder).sort()).toEqual(names.toSorted());
  });

  it('is not staged over the very repository, nor into it', () => {
    // A copy, so that a mistake costs nothing.
    const out = temporaryFolder();
    const clone = join(out, 'multical2mqtt');
    for (const name of ['scripts', 'addon', 'package.json'])
      cpSync(join(ROOT, name), join(clone, name), { recursive: true });
    const beyond = temporaryFolder();
    symlinkSync(clone, join(beyond, 'multical2mqtt'));
    for (const place of [out, clone, join(clone, 'addon'), beyond])
      expect(stage(place, clone), place).toEqual({ status: 2, said: expect.stringMatching(/repository/) });
    expect(readdirSync(clone).sort()).toEqual(['addon', 'package.json', 'scripts']);
    expect(existsSync(join(clone, 'addon/multical2mqtt'))).toBe(false);
  });

  it('is not staged without a place to go', () => {
    const run = spawnSync(process.execPath, [join(ROOT, 'scripts/stage-addon.mjs')]);
    expect([run.status, String(run.stderr)]).toEqual([2, expect.stringContaining('addon:stage -- OUT')]);
  });

  it('of the repository itself warns of config.json at the top only, which is not for adding', () => {
    // As git has it: what lies about in a working folder is nobody's download.
    const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    const clone = temporaryFolder();
    for (const file of files.trim().split('\n')) {
      if (!existsSync(join(ROOT, file))) continue;
      mkdirSync(join(clone, dirname(file)), { recursive: true });
      cpSync(join(ROOT, file), join(clone, file));
    }
    expect(scanStore(clone)).toEqual({ addons: ['addon'], warnings: ['config.json'], repositories: 0 });
  });

  it('has no build.yaml, which the Supervisor no longer wants', () => {
    const files = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).split('\n');
    expect(files.filter((file) => /(^|\/)build\.(yaml|yml|json)$/.test(file))).toEqual([]);
  });
});
