import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { TOOL_PATH } from './has-tool.ts';
import { temporaryFolder } from './temporary-folder.ts';

export const PROGRAM = resolve(import.meta.dirname, '../../dist/main.js');

export interface Run {
  readonly child: ChildProcess;
  out: string;
  err: string;
}

/** The built program in a process of its own, killed when the test ends. */
export function program(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Run {
  if (!existsSync(PROGRAM)) throw new Error('npm run build comes first');
  return run(process.execPath, [PROGRAM, ...words], environment);
}

/** Any command, in an empty folder and with no more of our environment than PATH. */
export function run(
  command: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Run {
  const env = { PATH: TOOL_PATH, ...environment };
  const child = spawn(command, words, { env, cwd: temporaryFolder() });
  onTestFinished(() => void child.kill('SIGKILL'));
  const started: Run = { child, out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    started.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    started.err += chunk;
  });
  return started;
}

export async function ended({ child }: Run): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}
