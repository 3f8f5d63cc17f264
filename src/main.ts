#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { watchNpm } from './cli/npm-parent.ts';
import { endsInOrder } from './cli/orderly-commands.ts';
import { Secrets } from './shared/secrets.ts';

const words = process.argv.slice(2);
const { stdin: input, stdout: out, stderr: err, env: environment } = process;
/** Milliseconds. */
const STOP_WITHIN = 4_900;
const stopping = new AbortController();
const HUNG_UP = 1;
const TERMINATED = 15;
const secrets = new Secrets();
// Before anything is loaded: a service manager may change its mind within the first tenths of a second.
process.on('SIGINT', () => end(2));
process.on('SIGTERM', () => end(TERMINATED));
// A signal to the whole group of processes, npm among them, is heard here too: that is no second one.
const stopWatching = watchNpm(environment, () => stopping.signal.aborted || end(TERMINATED));
process.on('SIGHUP', () => {
  if (stopping.signal.aborted) return;
  const ofOurTerminal = [input, out, err].some(({ isTTY }) => isTTY);
  if (ofOurTerminal || !endsInOrder(words)) end(HUNG_UP);
  // Node does not keep what `nohup` asked for, so we do: who has no terminal goes on without it, and without its npm.
  else stopWatching();
});

if (environment.RUN_AS) await becomeUser(environment.RUN_AS, environment.DATA_DIR ?? './data');
const { runProgram } = await import('./cli/program.ts');

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
out.on('error', (error: NodeJS.ErrnoException) => {
  // `multical2mqtt ... | head` closes the pipe when it has seen enough.
  if (error.code === 'EPIPE') process.exit(0);
  // The terminal is gone; what was begun is put in order all the same.
  if (stopping.signal.aborted) return;
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
if (stopping.signal.aborted) leave();
input.destroy();

/** `signal`: the number of the one that asks for it. */
function end(signal: number): void {
  // A command that has nothing to put in order (a reading, a probe) ends at once, as the shell's users are used to.
  if (!endsInOrder(words)) process.exit(128 + signal);
  // Asked a second time: somebody is in a hurry.
  if (stopping.signal.aborted) process.exit(1);
  stopping.abort(signal);
  // A port that hangs while it is closed does not keep us.
  setTimeout(leave, STOP_WITHIN).unref();
}

function leave(): void {
  if (stopping.signal.reason === HUNG_UP) {
    // Node crashes when it wants to leave a terminal in order that is no more.
    process.removeAllListeners('SIGHUP');
    process.kill(process.pid, 'SIGHUP');
  }
  process.exit();
}

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
