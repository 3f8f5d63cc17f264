#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { endsInOrder } from './cli/orderly-commands.ts';
import { Secrets } from './shared/secrets.ts';

const words = process.argv.slice(2);
const { stdin: input, stdout: out, stderr: err, env: environment } = process;
/** Milliseconds. */
const STOP_WITHIN = 4_900;
const stopping = new AbortController();
const secrets = new Secrets();
// Before anything is loaded: a service manager may change its mind within the first tenths of a second.
for (const [signal, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const) {
  process.on(signal, () => {
    // A command that has nothing to put in order (a reading, a probe) ends at once, as the shell's users are used to.
    if (!endsInOrder(words)) process.exit(128 + number);
    // Asked a second time: somebody is in a hurry.
    if (stopping.signal.aborted) process.exit(1);
    stopping.abort();
    // A port that hangs while it is closed does not keep us.
    setTimeout(() => process.exit(), STOP_WITHIN).unref();
  });
}

if (environment.RUN_AS) await becomeUser(environment.RUN_AS, environment.DATA_DIR ?? './data');
const { runProgram } = await import('./cli/program.ts');

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
out.on('error', (error: NodeJS.ErrnoException) => {
  // `multical2mqtt ... | head` closes the pipe when it has seen enough.
  if (error.code === 'EPIPE') process.exit(0);
  err.write(`Cannot write the result: ${error.message}\n`);
  process.exit(1);
});
// A fault of ours. Node would print it too, but with whatever secrets its message and the lines around hold.
process.on('uncaughtException', (error) => {
  err.write(`${secrets.hideIn(String(error.stack ?? error))}\n`);
  process.exit(1);
});
// Whoever closes standard error does not want to read it.
err.on('error', () => {});

process.exitCode = await runProgram(words, {
  input,
  out,
  err,
  environment,
  version,
  secrets,
  signal: stopping.signal,
});
// Whatever lingers, a stopped bridge is to be gone within its five seconds.
if (stopping.signal.aborted) process.exit();
input.destroy();

/** Our container image begins as root, and is it no longer than this. */
async function becomeUser(user: string, dataDir: string): Promise<void> {
  const { addonFolders, dropPrivileges } = await import('./addon/privileges.ts');
  const warn = (text: string) => err.write(`${text}\n`);
  try {
    dropPrivileges(process, { user, dataDir, shared: addonFolders(environment), devices: '/dev', warn });
  } catch (error) {
    err.write(`${(error as Error).message}\n`);
    process.exit(1);
  }
}
