import { once } from 'node:events';
import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { ended, PROGRAM, program, type Run, run } from '../support/program.ts';
import { silentPort } from '../support/silent-port.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** In place of socat: notes that it was asked to end, and ends when the program is gone and not before. */
const STUBBORN = `#!${process.execPath}
const { symlinkSync, writeFileSync } = require('node:fs');
const [, link] = /link=(.*),rawer/.exec(process.argv.join(' '));
process.on('SIGTERM', () => writeFileSync(link + '.asked', ''));
process.stdin.resume();
symlinkSync('/dev/null', link);
console.error('starting data transfer loop');
`;

/** A simulator that cannot end in order, because its pseudo-terminal does not. */
async function hanging(): Promise<{ run: Run; asked: () => boolean }> {
  const folder = temporaryFolder({ socat: STUBBORN });
  chmodSync(join(folder, 'socat'), 0o755);
  const link = join(folder, 'meter');
  const run = program(['simulate', '--link', link], { PATH: `${folder}:${process.env.PATH}` });
  await eventually(() => run.out.includes('Try it'));
  return { run, asked: () => existsSync(`${link}.asked`) };
}

/** In place of npm: starts the program by way of a shell that stays, as `npx` does. */
const NPM = `const { spawn } = require('node:child_process');
spawn('sh', ['-c', process.argv[2] + '; true'], { stdio: 'inherit' });
setInterval(() => {}, 1000);
`;

describe('a program that was started by npx', () => {
  it.skipIf(process.platform !== 'linux').each(['SIGTERM', 'SIGHUP', 'SIGKILL'] as const)(
    'ends when %s has ended npm',
    async (signal) => {
      const npm = join(temporaryFolder({ npm: NPM }), 'npm');
      const words = [npm, `${process.execPath} ${PROGRAM} simulate --tcp 0`];
      const started = run(process.execPath, words, { npm_execpath: npm });
      await eventually(() => started.out.includes('Try it'));
      // Open as long as somebody may still write: the program.
      const closed = once(started.child, 'close');
      started.child.kill(signal);
      await closed;
    },
  );
});

describe('a program that runs until it is told to end', () => {
  it('goes on without its input, its readers and the terminal of whoever started it in the background', async () => {
    const started = program(['simulate', '--tcp', '0']);
    await eventually(() => started.out.includes('Try it'));
    started.child.stdin?.end();
    started.child.stdout?.destroy();
    started.child.stderr?.destroy();
    started.child.kill('SIGHUP');
    started.child.kill('SIGTERM');
    // Had it ended at the first, there would be no exit code.
    expect(await ended(started)).toBe(0);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('ends with exit code 0 on %s', async (signal) => {
    const run = program(['simulate', '--tcp', '0']);
    await eventually(() => run.out.includes('Try it'));
    run.child.kill(signal);
    expect(await ended(run)).toBe(0);
  });

  it('is gone after five seconds, whatever hangs', async () => {
    const { run } = await hanging();
    run.child.kill('SIGTERM');
    expect(await ended(run)).toBe(0);
  });

  it('ends at once when it is told a second time', async () => {
    const { run, asked } = await hanging();
    run.child.kill('SIGINT');
    await eventually(asked);
    run.child.kill('SIGINT');
    // Exit code 0 would say that it went on hanging until its time was over.
    expect(await ended(run)).toBe(1);
  });
});

describe('a command that takes one reading', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('ends at once on %s, with exit code %i', async (signal, code) => {
    const { port, heard } = await silentPort();
    const run = program(['read', '--port', port]);
    await eventually(() => heard() > 0);
    run.child.kill(signal);
    expect(await ended(run)).toBe(code);
  });

  it('leaves the port to the next one, also where it was killed', async () => {
    const { port, heard } = await silentPort();
    const killed = program(['read', '--port', port]);
    await eventually(() => heard() > 0);
    killed.child.kill('SIGKILL');
    await once(killed.child, 'exit');
    const asked = heard();
    const next = program(['read', '--port', port]);
    await eventually(() => heard() > asked);
    next.child.kill('SIGTERM');
    expect(await ended(next)).toBe(143);
  });
});
