import { spawnSync } from 'node:child_process';
import {
  chownSync,
  cpSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addonFolders, dropPrivileges, type PrivilegedProcess } from '../../src/addon/privileges.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('addon folders', () => {
  function foldersWith(options: string, SUPERVISOR_TOKEN?: string) {
    const SUPERVISOR_OPTIONS = join(temporaryFolder({ 'options.json': options }), 'options.json');
    return addonFolders({ SUPERVISOR_OPTIONS, SUPERVISOR_TOKEN });
  }

  describe('the folders that an add-on writes to', () => {
    it('are one more where it writes CSV files', () => {
      expect(foldersWith('{"csv": {"enabled": true}}', 'x')).toEqual(['/share/multical2mqtt']);
    });

    it.each([
      '{"csv": {"enabled": false}}',
      '{"csv": {"enabled": "yes"}}',
      '{"csv": {}}',
      '{"csv": null}',
    ])('are no more with %s', (options) => {
      expect(foldersWith(options, 'x')).toEqual([]);
    });

    it.each(['{}', 'null', '[]', '{"csv":', ''])('are no more with the options %j', (options) => {
      expect(foldersWith(options, 'x')).toEqual([]);
    });

    it('are no more where there are no options', () => {
      expect(addonFolders({ SUPERVISOR_TOKEN: 'x', SUPERVISOR_OPTIONS: '/none/options.json' })).toEqual([]);
    });

    it('are no question without a Supervisor', () => {
      expect(foldersWith('{"csv": {"enabled": true}}')).toEqual([]);
    });
  });
});

describe('drop privileges', () => {
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

  /** A copy of the built program where others may read it, as they may not in a clone below root's home. */
  function programForEveryone(): string {
    const root = resolve(import.meta.dirname, '../..');
    if (!existsSync(join(root, 'dist/main.js'))) throw new Error('npm run build comes first');
    const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
    const needed = Object.keys(packages).filter(
      (path) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path) && !packages[path].dev,
    );
    const folder = temporaryFolder();
    for (const path of ['dist', 'package.json', ...needed])
      if (existsSync(join(root, path))) cpSync(join(root, path), join(folder, path), { recursive: true });
    spawnSync('chmod', ['-R', 'a+rX', folder]);
    return join(folder, 'dist/main.js');
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
      expect(() =>
        dropPrivileges(fake, { user, dataDir: '/none', devices: '/dev', warn: noWarning }),
      ).toThrow(/uid:gid in numbers/);
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

    it.skipIf(!isRoot)('makes a folder that others write to as well, and hands it over', () => {
      const share = temporaryFolder();
      const shared = [join(share, 'csv')];
      const handOver = () =>
        dropPrivileges(processOf(0).fake, {
          user: USER,
          dataDir: '/none',
          shared,
          devices: '/dev',
          warn: noWarning,
        });
      handOver();
      // As from a backup, or from whoever is root over Samba.
      writeFileSync(join(share, 'csv/restored.csv'), '');
      writeFileSync(join(share, 'csv/notes.txt'), '');
      handOver();
      expect(lstatSync(join(share, 'csv'))).toMatchObject({ uid: 12345, gid: 12346 });
      expect(lstatSync(join(share, 'csv/restored.csv'))).toMatchObject({ uid: 12345, gid: 12346 });
      for (const name of ['.', 'csv/notes.txt']) expect(lstatSync(join(share, name)).uid).toBe(0);
    });

    it.skipIf(!isRoot)('leaves alone in such a folder what is not root’s, or may be a file outside', () => {
      const outside = temporaryFolder({ secret: '' });
      const folder = temporaryFolder({ 'theirs.csv': '' });
      chownSync(join(folder, 'theirs.csv'), 4711, 4711);
      linkSync(join(outside, 'secret'), join(folder, 'second-name.csv'));
      symlinkSync(join(outside, 'secret'), join(folder, 'link.csv'));
      mkdirSync(join(folder, 'folder.csv'));
      // Whoever opens it waits for a writer that never comes.
      spawnSync('mkfifo', [join(folder, 'pipe.csv')]);
      dropPrivileges(processOf(0).fake, {
        user: USER,
        dataDir: '/none',
        shared: [folder],
        devices: '/dev',
        warn: noWarning,
      });
      expect(lstatSync(join(folder, 'theirs.csv')).uid).toBe(4711);
      for (const name of ['second-name.csv', 'link.csv', 'folder.csv', 'pipe.csv'])
        expect(lstatSync(join(folder, name)).uid, name).toBe(0);
      expect(lstatSync(join(outside, 'secret')).uid).toBe(0);
    });

    it.skipIf(!isRoot)('says which of such folders it does not hand over, and why', () => {
      const outside = temporaryFolder();
      const share = temporaryFolder({ file: '' });
      symlinkSync(outside, join(share, 'link'));
      symlinkSync(join(outside, 'none'), join(share, 'dangling'));
      mkdirSync(join(share, 'theirs'));
      chownSync(join(share, 'theirs'), 4711, 4711);
      const { fake, done } = processOf(0);
      const warnings: string[] = [];
      const shared = ['link', 'dangling', 'file', 'theirs', 'none/none'].map((name) => join(share, name));
      const warn = (text: string) => void warnings.push(text);
      dropPrivileges(fake, { user: USER, dataDir: '/none', shared, devices: '/dev', warn });
      expect(warnings).toEqual([
        expect.stringMatching(/^Cannot give .*\/link to the user 12345:12346.*(ENOTDIR|ELOOP)/),
        expect.stringMatching(/^Cannot give .*\/dangling to .*EEXIST/),
        expect.stringMatching(/^Cannot give .*\/file to .*ENOTDIR/),
        expect.stringMatching(/^Cannot give .*\/theirs to .*it belongs to the user 4711/),
        expect.stringMatching(/^Cannot give .*\/none to .*ENOENT/),
      ]);
      expect(lstatSync(outside).uid).toBe(0);
      expect(lstatSync(join(share, 'theirs')).uid).toBe(4711);
      expect(done.at(-1)).toEqual(['uid', 12345]);
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
      const program = programForEveryone();
      const run = (user: string) =>
        spawnSync(process.execPath, [program, '--version'], {
          cwd: '/',
          env: { RUN_AS: user, DATA_DIR: '/none' },
        });
      expect(run('65534:65534').status).toBe(0);
      const refused = run('root');
      expect([refused.status, String(refused.stderr)]).toEqual([1, expect.stringMatching(/Cannot become/)]);
    });
  });
});
