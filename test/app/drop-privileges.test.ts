import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, linkSync, lstatSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dropPrivileges, type PrivilegedProcess } from '../../src/app/drop-privileges.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const USER = '12345:12346';
const isRoot = process.getuid?.() === 0;

/** A process whose user can be changed without harm, and what was done to it. */
function processOf(uid: number) {
  const done: unknown[] = [];
  const fake: PrivilegedProcess = {
    getuid: () => uid,
    setgroups: (groups) => void done.push(['groups', ...groups]),
    setgid: (id) => void done.push(['gid', id]),
    setuid: (id) => void done.push(['uid', id]),
  };
  return { fake, done };
}

function noWarning(text: string): void {
  throw new Error(`Not expected: ${text}`);
}

describe('dropping privileges', () => {
  it('leaves a user as it is who has none', () => {
    const { fake, done } = processOf(1000);
    dropPrivileges(fake, { user: USER, dataDir: '/none', devices: '/none', warn: noWarning });
    expect(done).toEqual([]);
  });

  it('gives up the user last, and keeps the groups of serial ports', () => {
    const { fake, done } = processOf(0);
    const devices = temporaryFolder({ ttyUSB0: '', tty1: '', null: '' });
    dropPrivileges(fake, { user: USER, dataDir: '/none', devices, warn: noWarning });
    expect(done).toEqual([
      ['groups', 12346, 18, 20],
      ['gid', 12346],
      ['uid', 12345],
    ]);
  });

  it.each(['node', '0:0', '1000', '1000:0', ''])('refuses to become %j', (user) => {
    const { fake, done } = processOf(0);
    expect(() => dropPrivileges(fake, { user, dataDir: '/none', devices: '/dev', warn: noWarning })).toThrow(
      /uid:gid in numbers/,
    );
    expect(done).toEqual([]);
  });

  it('says what to do where it is not allowed', () => {
    const { fake } = processOf(0);
    const refusing = {
      ...fake,
      setgroups: () => {
        throw new Error('EPERM, Operation not permitted');
      },
    };
    expect(() =>
      dropPrivileges(refusing, { user: USER, dataDir: '/none', devices: '/dev', warn: noWarning }),
    ).toThrow(/Cannot become the user 12345:12346 \(RUN_AS\): EPERM.*--user 12345:12346.*SETUID/);
  });

  it.skipIf(!isRoot)('hands over the data folder, but not through links', () => {
    const outside = temporaryFolder({ theirs: '' });
    const dataDir = temporaryFolder({ 'options.json': '{}' });
    mkdirSync(join(dataDir, 'meters'));
    writeFileSync(join(dataDir, 'meters', '1.json'), '{}');
    symlinkSync(outside, join(dataDir, 'link'));
    dropPrivileges(processOf(0).fake, { user: USER, dataDir, devices: '/dev', warn: noWarning });
    for (const name of ['.', 'options.json', 'meters', 'meters/1.json', 'link']) {
      expect(lstatSync(join(dataDir, name))).toMatchObject({ uid: 12345, gid: 12346 });
    }
    expect(lstatSync(join(outside, 'theirs')).uid).toBe(0);
  });

  it.skipIf(!isRoot)('leaves alone what is somebody else’s, or may be a file outside', () => {
    const outside = temporaryFolder({ secret: '' });
    const dataDir = temporaryFolder({ theirs: '' });
    linkSync(join(outside, 'secret'), join(dataDir, 'second-name'));
    chownSync(join(dataDir, 'theirs'), 4711, 4711);
    dropPrivileges(processOf(0).fake, { user: USER, dataDir, devices: '/dev', warn: noWarning });
    expect(lstatSync(join(outside, 'secret')).uid).toBe(0);
    expect(lstatSync(join(dataDir, 'theirs')).uid).toBe(4711);
    expect(lstatSync(dataDir).uid).toBe(12345);
  });

  it('goes on where the data folder cannot be handed over', () => {
    const { fake, done } = processOf(0);
    const warnings: string[] = [];
    // Refused by every system, whoever asks.
    const dataDir = `/${'x'.repeat(300)}`;
    dropPrivileges(fake, {
      user: USER,
      dataDir,
      devices: '/dev',
      warn: (text) => void warnings.push(text),
    });
    expect(warnings).toEqual([
      expect.stringMatching(/^Cannot give \/x+ to the user 12345:12346.*ENAMETOOLONG/),
    ]);
    expect(done.at(-1)).toEqual(['uid', 12345]);
  });

  it.skipIf(!isRoot)('keeps the group that owns a port, whatever its number', () => {
    const { fake, done } = processOf(0);
    const devices = temporaryFolder({ ttyACM3: '' });
    spawnSync('chgrp', ['4711', join(devices, 'ttyACM3')]);
    dropPrivileges(fake, { user: USER, dataDir: '/none', devices, warn: noWarning });
    expect(done[0]).toEqual(['groups', 12346, 18, 20, 4711]);
  });

  it.skipIf(!isRoot)('is the first thing that the program does when it is told whom to become', () => {
    const program = resolve(import.meta.dirname, '../../dist/main.js');
    if (!existsSync(program)) throw new Error('npm run build comes first');
    const run = (user: string) =>
      spawnSync(process.execPath, [program, '--version'], { env: { RUN_AS: user, DATA_DIR: '/none' } });
    expect(run('65534:65534').status).toBe(0);
    const refused = run('root');
    expect([refused.status, String(refused.stderr)]).toEqual([1, expect.stringMatching(/Cannot become/)]);
  });
});
