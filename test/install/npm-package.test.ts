import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** The browser's part, each file also compressed. */
const PAGE = /^dist\/page\/[\w-]+\.(js|css|html|svg|txt)(\.br|\.gz)?$/;

/** npm in a folder, on this very Node. */
function npm(folder: string, command: string, ...words: readonly string[]): string {
  return execFileSync(command, words, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

describe('the npm package', () => {
  it('holds what it needs and no more, and works where nothing else is', () => {
    const folder = temporaryFolder();
    // The scripts of npm pack would build, in a folder that other tests are using.
    const [packed] = JSON.parse(
      npm(ROOT, 'npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', folder),
    );
    const files: string[] = packed.files.map(({ path }: { path: string }) => path);
    const outside = files.filter((path) => !path.startsWith('dist/'));
    expect(outside.sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'config.json',
      'package.json',
      'systemd/multical2mqtt.service',
    ]);
    expect(
      files.filter((path) => !/\.(js|md|json|service)$|^LICENSE$/.test(path) && !PAGE.test(path)),
    ).toEqual([]);
    expect(packed.size).toBeLessThan(850_000);

    const place = join(folder, 'empty');
    mkdirSync(place);
    writeFileSync(join(place, 'package.json'), '{"private":true}');
    const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--silent'];
    npm(place, 'npm', 'install', ...quiet, join(folder, packed.filename));
    expect(npm(place, 'npx', 'multical2mqtt', '--help')).toContain('Usage: multical2mqtt');
    expect(npm(place, 'npx', 'multical2mqtt', '--version').trim()).toBe(packed.version);
    const demo = npm(place, 'npx', 'multical2mqtt', 'demo', '--cycles', '1');
    expect(demo).toMatch(/Heat energy +84\.81\d GJ/);
  });
});
