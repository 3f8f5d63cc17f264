import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';

const PROGRAM = resolve(import.meta.dirname, '../../dist/main.js');

export interface Run {
  readonly child: ChildProcess;
  out: string;
  err: string;
}

/** The program as it is delivered, in a process of its own, until the test ends. */
export function program(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Run {
  if (!existsSync(PROGRAM)) throw new Error('npm run build comes first');
  const env = { PATH: process.env.PATH ?? '', ...environment };
  const child = spawn(process.execPath, [PROGRAM, ...words], { env, cwd: temporaryFolder() });
  onTestFinished(() => void child.kill('SIGKILL'));
  const run: Run = { child, out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    run.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    run.err += chunk;
  });
  return run;
}

/** Its exit code; null where a signal ended it. */
export async function ended({ child }: Run): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}
