import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DataLock } from '../../src/app/data-lock.ts';
import { askHealth } from '../../src/app/health-socket.ts';
import type { Owner } from '../../src/app/owner.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { hasCode } from '../../src/shared/errors.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Another process on this machine. */
const PID = 4711;
const BOOT = '6d1e2c9b-0001';

/** What Linux tells of its processes, which are given by number and the moment of their start. */
function procWith(processes: Readonly<Record<number, string>>, state = 'S'): string {
  const proc = temporaryFolder();
  mkdirSync(join(proc, 'sys/kernel/random'), { recursive: true });
  writeFileSync(join(proc, 'sys/kernel/random/boot_id'), `${BOOT}\n`);
  for (const [pid, started] of Object.entries(processes)) {
    mkdirSync(join(proc, pid));
    const numbers = Array.from({ length: 18 }, (_, index) => index).join(' ');
    writeFileSync(
      join(proc, pid, 'stat'),
      `${pid} (a) strange (name) ${state} ${numbers} ${started} 1 2 3\n`,
    );
  }
  return proc;
}

const OWNER: Owner = { pid: PID, host: hostname(), since: 'yesterday', started: '1234', boot: BOOT };

function folderOf(owner: Partial<Owner>): string {
  return temporaryFolder({ 'owner.json': JSON.stringify({ ...OWNER, ...owner }) });
}

interface Claimed {
  readonly logger: CollectingLogger;
  /** Why it was refused. */
  readonly error: unknown;
}

async function claimed(
  dataDir: string,
  proc = procWith({}),
): Promise<Claimed & { release(): Promise<void> }> {
  const logger = new CollectingLogger();
  const lock = new DataLock({ dataDir, stuck: () => [], clock: systemClock, logger, proc });
  const error = await lock.claim().catch((reason: unknown) => reason);
  let isHeld = error === undefined;
  const release = async (): Promise<void> => {
    if (isHeld) await lock.release();
    isHeld = false;
  };
  onTestFinished(release);
  return { logger, error, release };
}

describe('a data folder', () => {
  it('is for one bridge: a second one is told whose it is, and what to do', async () => {
    const folder = temporaryFolder();
    expect((await claimed(folder, procWith({ [process.pid]: '99' }))).error).toBeUndefined();
    const { error } = await claimed(folder);
    expect(hasCode(error, 'data-in-use')).toBe(true);
    expect(String(error)).toMatch(
      new RegExp(`is in use by process ${process.pid} on ${hostname()}, started \\d{4}-.*dataDir of its own`),
    );
    // The first one is not disturbed.
    expect(await askHealth(folder)).toEqual([]);
    expect(JSON.parse(readFileSync(join(folder, 'owner.json'), 'utf8'))).toMatchObject({ started: '99' });
  });

  it('is free again when the bridge has ended, and nothing is left of it', async () => {
    const folder = join(temporaryFolder(), 'made', 'by', 'us');
    const first = await claimed(folder);
    await first.release();
    expect(readdirSync(folder)).toEqual([]);
    expect((await claimed(folder)).error).toBeUndefined();
  });

  it.each(
    Array.from({ length: 200 }, (_, i) => i),
  )('goes %i to one of many that start at the same moment after a crash', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'health.sock'), '');
    const all = await Promise.all(Array.from({ length: 8 }, () => claimed(folder)));
    expect(all.filter(({ error }) => error === undefined)).toHaveLength(1);
    expect(await askHealth(folder)).toEqual([]);
    expect(readdirSync(folder).sort()).toEqual(['health.sock', 'owner.json']);
  });
});

describe('a bridge that was killed', () => {
  it('is no obstacle, though its socket and its name are left', async () => {
    const folder = folderOf({});
    const path = join(folder, 'health.sock');
    const listening = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => console.log('up'))`;
    const child = spawn(process.execPath, ['-e', listening]);
    await once(child.stdout, 'data');
    expect(hasCode((await claimed(folder)).error, 'data-in-use')).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(existsSync(path)).toBe(true);
    const { error, logger } = await claimed(folder);
    expect(error).toBeUndefined();
    expect(logger.lines).toEqual([]);
    expect(await askHealth(folder)).toEqual([]);
  });

  it.each<[string, Partial<Owner>, Parameters<typeof procWith>]>([
    ['its number belongs to a later process', {}, [{ [PID]: '9999' }]],
    ['its number belongs to us, as in a container', { pid: process.pid }, [{ [process.pid]: '1234' }]],
    ['its parent has not looked at its end', {}, [{ [PID]: '1234' }, 'Z']],
    ['the machine was started anew', { boot: 'another' }, [{ [PID]: '1234' }]],
    ['the container was made anew', { host: 'a7b3c9', pid: 1 }, [{}]],
    ['nothing tells of processes', { started: null, boot: null }, [{}]],
  ])('is no obstacle where %s', async (_, owner, proc) => {
    const { error, logger } = await claimed(folderOf(owner), procWith(...proc));
    expect(error).toBeUndefined();
    expect(logger.lines).toEqual([]);
  });

  it('is no obstacle on another machine either, but it may live there', async () => {
    const { error, logger } = await claimed(folderOf({ host: 'nas', boot: 'another' }));
    expect(error).toBeUndefined();
    expect(logger.all).toEqual([
      expect.stringMatching(/^warn .* was last used by process 4711 on nas, .*If a bridge still runs there/),
    ]);
  });

  it.each(['', '{', '[]', '{"pid":"4711"}', '\0\0\0'])('leaves what it likes: %j', async (text) => {
    const { error, logger } = await claimed(temporaryFolder({ 'owner.json': text }));
    expect(error).toBeUndefined();
    expect(logger.lines).toEqual([]);
  });
});

describe('where there can be no socket', () => {
  it('the process that is named is seen all the same', async () => {
    const long = join(temporaryFolder(), 'x'.repeat(120));
    mkdirSync(long);
    writeFileSync(join(long, 'owner.json'), JSON.stringify(OWNER));
    const { error } = await claimed(long, procWith({ [PID]: '1234' }));
    expect(hasCode(error, 'data-in-use')).toBe(true);
    expect((await claimed(long)).error).toBeUndefined();
  });
});
