import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { TOOL_PATH } from './has-tool.ts';

const ENVIRONMENT = { ...process.env, PATH: TOOL_PATH };

/** Whether this user may make file systems: root, where it has all of root's rights. */
export function canMakeDisks(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'disk-'));
  try {
    mount(folder, 1);
    unmount(folder);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A folder with so many megabytes of room and no more, gone when the test ends. */
export function smallDisk(megabytes: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'disk-'));
  mount(folder, megabytes);
  onTestFinished(() => {
    unmount(folder);
    rmSync(folder, { recursive: true });
  });
  return folder;
}

function mount(folder: string, megabytes: number): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], {
    env: ENVIRONMENT,
    stdio: 'ignore',
  });
}

function unmount(folder: string): void {
  execFileSync('umount', ['--lazy', folder], { env: ENVIRONMENT, stdio: 'ignore' });
}
