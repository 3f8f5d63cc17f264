import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { RELEASED_ON } from '../../src/shared/release.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const { version, homepage, repository } = JSON.parse(read('package.json'));

/** The newest version of a changelog; what is not released yet has no version. */
function newestIn(changelog: string): string | undefined {
  return /^## \[?(\d+\.\d+\.\d+[^\]\s]*)/m.exec(changelog)?.[1];
}

describe('the version', () => {
  it.each([
    ['package-lock.json', () => JSON.parse(read('package-lock.json')).version],
    ['the root of package-lock.json', () => JSON.parse(read('package-lock.json')).packages[''].version],
    ['addon/config.yaml', () => parse(read('addon/config.yaml')).version],
    ['addon/CHANGELOG.md', () => newestIn(read('addon/CHANGELOG.md'))],
    ['CHANGELOG.md', () => newestIn(read('CHANGELOG.md'))],
    ['the Dockerfile', () => /^ARG BUILD_VERSION=(\S+)$/m.exec(read('Dockerfile'))?.[1]],
    ['compose.yaml', () => parse(read('compose.yaml')).services.multical2mqtt.image.split(':')[1]],
  ])('is the same in %s', (_, found) => {
    expect(found()).toBe(version);
  });
});

describe('the day of the release', () => {
  const [, heading = ''] = /^## (.*)$/m.exec(read('CHANGELOG.md')) ?? [];
  const day = /\d{4}-\d{2}-\d{2}/.exec(heading)?.[0];

  it('is the one in the changelog, as soon as that has one', () => {
    expect(RELEASED_ON).toBe(day ?? RELEASED_ON);
    expect(new Date(RELEASED_ON).toISOString().slice(0, 10)).toBe(RELEASED_ON);
  });

  it('is not in the future, or no clock would be believed', () => {
    expect(Date.parse(RELEASED_ON)).toBeLessThanOrEqual(Date.now());
  });
});

describe('the home of the project', () => {
  it('is the same everywhere', () => {
    const [, owner = '', name] = /^https:\/\/github\.com\/([^/]+)\/([^/]+)$/.exec(homepage) ?? [];
    const image = `ghcr.io/${owner.toLowerCase()}/${name}`;
    expect(repository.url).toBe(`git+${homepage}.git`);
    expect(parse(read('addon/config.yaml'))).toMatchObject({ url: homepage, image });
    expect(parse(read('compose.yaml')).services.multical2mqtt.image).toBe(`${image}:${version}`);
    expect(read('systemd/multical2mqtt.service')).toContain(`Documentation=${homepage}\n`);
  });
});
