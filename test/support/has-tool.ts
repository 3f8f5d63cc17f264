import { spawnSync } from 'node:child_process';

/** False, with a reason on standard error, where a program of the system is missing that a test needs. */
export function hasTool(name: string): boolean {
  const found = spawnSync('which', [name]).status === 0;
  if (!found) process.stderr.write(`Tests that need ${name} are skipped: it is not installed here.\n`);
  return found;
}
