import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { FrameReader } from '../../src/kmp/frame.ts';
import { decodeMessage, type Message } from '../../src/kmp/messages.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { type PtyServer, servePty } from '../../src/simulator/pty-server.ts';
import { Simulator } from '../../src/simulator/simulator.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { hasTool } from '../support/has-tool.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { seededRandom, serialNumberRequest, silent } from './support/virtual-line.ts';

const cleanUp: (() => unknown)[] = [];

afterEach(async () => {
  for (const action of cleanUp.splice(0).reverse()) await action();
});

function newLink(): string {
  const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
  cleanUp.push(() => rmSync(folder, { recursive: true }));
  return join(folder, 'meter');
}

function fastSimulator(): Simulator {
  const simulator = new Simulator({
    meters: [{ model: '403' }],
    baudRate: 115_200,
    turnaround: 1,
    clock: systemClock,
    random: seededRandom(),
    logger: silent,
  });
  cleanUp.push(() => simulator.stop());
  return simulator;
}

async function serve(simulator = fastSimulator()): Promise<{ server: PtyServer; simulator: Simulator }> {
  const server = await servePty({ line: simulator, link: newLink(), logger: silent });
  cleanUp.push(() => server.close());
  return { server, simulator };
}

/** Opens the terminal, asks for the serial number and closes it again. */
async function askOnce(link: string): Promise<Message | undefined> {
  const terminal: FileHandle = await open(link, 'r+');
  try {
    await terminal.write(serialNumberRequest());
    const reader = new FrameReader();
    for (;;) {
      const { buffer, bytesRead } = await terminal.read(Buffer.alloc(64));
      for (const item of reader.push(buffer.subarray(0, bytesRead))) {
        if (item.kind === 'frame') return decodeMessage(item.frame);
      }
    }
  } finally {
    await terminal.close();
  }
}

const SERIAL = { kind: 'serial-no', serialNumber: 84_968_362 };

describe.skipIf(!hasTool('socat'))('a meter on a pseudo-terminal', () => {
  it('answers one client after the other', async () => {
    const { server } = await serve();
    expect(await askOnce(server.link)).toEqual(SERIAL);
    expect(await askOnce(server.link)).toEqual(SERIAL);
  });

  it('disappears when it is unplugged, and comes back at the same place', async () => {
    const { server } = await serve();
    await server.unplug();
    expect(existsSync(server.link)).toBe(false);
    await server.unplug();
    await server.replug();
    await server.replug();
    expect(await askOnce(server.link)).toEqual(SERIAL);
  });

  it('goes with its line', async () => {
    const { server, simulator } = await serve();
    simulator.unplug();
    await eventually(() => !existsSync(server.link));
    simulator.replug();
    await eventually(() => existsSync(server.link));
    await server.replug();
    expect(await askOnce(server.link)).toEqual(SERIAL);
  });

  it('leaves no link behind, and does not come back after its close', async () => {
    const simulator = fastSimulator();
    const starts = temporaryFolder({ socat: '#!/bin/sh\necho started >> "$0.log"\nexec socat "$@"\n' });
    const socat = join(starts, 'socat');
    chmodSync(socat, 0o755);
    const server = await servePty({ line: simulator, link: newLink(), logger: silent, socat });
    await server.close();
    simulator.unplug();
    simulator.replug();
    // Plugs queue: what the line had put in would have been in, and out again, when this returns.
    await server.unplug();
    expect(() => lstatSync(server.link)).toThrow('ENOENT');
    expect(readFileSync(`${socat}.log`, 'utf8')).toBe('started\n');
  });

  it('takes the place of a link that an earlier simulator left', async () => {
    const link = newLink();
    symlinkSync('/dev/pts/9999', link);
    const server = await servePty({ line: fastSimulator(), link, logger: silent });
    cleanUp.push(() => server.close());
    expect(readlinkSync(link)).not.toBe('/dev/pts/9999');
  });

  it('is made anew when socat dies', async () => {
    const warnings: string[] = [];
    const clock = new FakeClock();
    const logger = { ...silent, warn: (message: string) => warnings.push(message) };
    const link = newLink();
    const server = await servePty({ line: fastSimulator(), link, logger, clock });
    cleanUp.push(() => server.close());
    process.kill(childAt(link), 'SIGTERM');
    await eventually(() => warnings.length > 0);
    await clock.advance(1000);
    await eventually(() => existsSync(link));
    await server.replug();
    expect(await askOnce(link)).toEqual(SERIAL);
  });

  it('says when the place was taken while it was unplugged', async () => {
    const errors: string[] = [];
    const simulator = fastSimulator();
    const logger = { ...silent, error: (message: string) => errors.push(message) };
    const server = await servePty({ line: simulator, link: newLink(), logger });
    cleanUp.push(() => server.close());
    simulator.unplug();
    await eventually(() => !existsSync(server.link));
    writeFileSync(server.link, 'mine');
    simulator.replug();
    await eventually(() => errors.length > 0);
    expect(errors[0]).toContain('not ours to replace');
  });

  it('says what socat says when there can be no link', async () => {
    const link = join(newLink(), 'no', 'such', 'folder');
    await expect(servePty({ line: fastSimulator(), link, logger: silent })).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringContaining('Choose another path'),
    });
  });
});

describe('a pseudo-terminal is refused', () => {
  it('where a file is', async () => {
    const link = newLink();
    writeFileSync(link, 'precious');
    await expect(servePty({ line: fastSimulator(), link, logger: silent })).rejects.toMatchObject({
      code: 'usage',
    });
  });

  it('where a link to something else is', async () => {
    const link = newLink();
    symlinkSync('/dev/null', link);
    await expect(servePty({ line: fastSimulator(), link, logger: silent })).rejects.toMatchObject({
      code: 'usage',
    });
  });

  it('without socat, with what to install', async () => {
    const options = {
      line: fastSimulator(),
      link: newLink(),
      logger: silent,
      socat: 'socat-that-is-not-there',
    };
    await expect(servePty(options)).rejects.toThrow(/apt-get install socat.*--tcp/);
  });

  it('where socat may not be run', async () => {
    const options = { line: fastSimulator(), link: newLink(), logger: silent, socat: tmpdir() };
    await expect(servePty(options)).rejects.toMatchObject({ code: 'failed' });
  });
});

/** The process that made the terminal at `link`, found by the link in its arguments. */
function childAt(link: string): number {
  const found = readdirSync('/proc').find(
    (name) => /^\d+$/.test(name) && argumentsOf(name).includes(`PTY,link=${link},rawer`),
  );
  return Number(found);
}

function argumentsOf(process: string): string[] {
  try {
    return readFileSync(`/proc/${process}/cmdline`, 'utf8').split('\0');
  } catch {
    // It ended in the meantime.
    return [];
  }
}
