import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Arena } from '../arena.ts';
import type { Chance } from '../chance.ts';
import { CALM } from '../judge.ts';
import { atExit } from '../world/at-exit.ts';
import { inRounds, type Part, RECOVERS_WITHIN, STARTS_WITHIN } from './part.ts';

interface DiskFault {
  readonly name: string;
  readonly begin: (disk: string, chance: Chance) => void;
  readonly end: (disk: string) => void;
}

const BALLAST = 'ballast';

/** All that is free, but for so many bytes. */
function fill(disk: string, spare: number): void {
  const { bavail, bsize } = statfsSync(disk);
  try {
    writeFileSync(join(disk, BALLAST), Buffer.alloc(Math.max(0, Number(bavail) * Number(bsize) - spare)));
  } catch {
    // Somebody else has just written: then it is full all the same.
  }
}

const free = (disk: string): void => rmSync(join(disk, BALLAST), { force: true });
/**
 * A second mount on top: the first one cannot be made read-only while somebody has a file open. Made aside, so that nobody
 * opens one in the second either.
 */
function seal(disk: string): void {
  const aside = `${disk}-sealed`;
  mkdirSync(aside, { recursive: true });
  execFileSync('mount', ['--bind', disk, aside]);
  execFileSync('mount', ['-o', 'remount,bind,ro', aside]);
  execFileSync('mount', ['--bind', aside, disk]);
  unseal(aside);
}

function unseal(disk: string): void {
  execFileSync('umount', ['-l', disk]);
}

const FAULTS: readonly DiskFault[] = [
  { name: 'full', begin: (disk) => fill(disk, 0), end: free },
  { name: 'nearly full', begin: (disk, chance) => fill(disk, chance.whole(1, 12) * 1024), end: free },
  { name: 'read-only', begin: seal, end: unseal },
];

const DISK = '2m';

export const diskPart: Part = {
  name: 'disk',
  what: 'the disk',
  told: `under \`dataDir\` and the CSV files ${FAULTS.map(({ name }) => name).join(', ')}; each also with a start of the bridge meanwhile; values go on to the broker`,
  async run(context) {
    const { tally, until, folder } = context;
    if (!canMount()) return tally.skip('disk', 'nothing can be mounted here');
    const disk = join(folder, 'disk');
    mkdirSync(disk, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK}`, 'tmpfs', disk]);
    const release = atExit(() => unseal(disk));
    try {
      const arena = new Arena({
        part: 'disk',
        meters: [{ model: '403', port: 'tcp', details: true }],
        disk,
        latePosts: 'posts to the webhook that waited on a disk which could not be opened',
        ...context,
      });
      await arena.start();
      await arena.allFresh(performance.now(), STARTS_WITHIN);
      await inRounds(context, FAULTS, async (fault, drawn) => {
        await oneFault(arena, disk, fault, { restarts: false, chance: drawn });
        if (performance.now() >= until) return;
        await oneFault(arena, disk, fault, { restarts: true, chance: drawn });
      });
      await arena.stop();
    } finally {
      unseal(disk);
      release();
    }
  },
};

async function oneFault(
  arena: Arena,
  disk: string,
  fault: DiskFault,
  { restarts, chance }: { restarts: boolean; chance: Chance },
): Promise<void> {
  const name = restarts ? `${fault.name}, and it starts anew` : fault.name;
  arena.suffers(name);
  fault.begin(disk, chance);
  arena.tally.row('disk', name).struck++;
  if (restarts) {
    await arena.bridge.end('SIGTERM');
    arena.judge.forgot();
    arena.bridge.start();
  }
  // Meanwhile readings go on and are published.
  const meanwhile = await arena.allFresh(performance.now(), RECOVERS_WITHIN);
  if (meanwhile === undefined)
    arena.found('no fresh state while the disk could not be written', arena.folder);
  await pause(chance.between(3_000, 8_000));
  fault.end(disk);
  arena.tally.recovered(
    'disk',
    name,
    await arena.allFresh(performance.now(), RECOVERS_WITHIN),
    RECOVERS_WITHIN,
  );
  arena.suffers(CALM);
}

/** Whether this user may mount disks of memory here: containers often take that from root, too. */
function canMount(): boolean {
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()], { stdio: 'ignore' });
    return process.getuid?.() === 0;
  } catch {
    return false;
  }
}
