import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import { healthAnswer, healthReasons } from '../http/answer.ts';
import { type Clock, sleep } from '../shared/clock.ts';
import type { Deps } from '../shared/deps.ts';
import { Multical2MqttError, messageOf } from '../shared/errors.ts';
import { isMissing } from '../shared/files.ts';
import { makeFolder } from '../shared/folders.ts';
import type { Logger } from '../shared/logger.ts';

/** Longer paths do not fit into a socket's address; the shortest limit is macOS's. */
export const LONGEST_PATH = 100;
const ANSWER_WITHIN = 5_000;

/**
 * A door for `multical2mqtt health` into the running bridge, a socket in its data folder: no port of the network, and
 * only for who may read that folder. Whoever connects gets the text of `/healthz`.
 */
export class HealthSocket {
  private readonly path: string;
  private readonly clock: Clock;
  private readonly logger: Logger;
  private readonly server: Server;

  constructor(
    dataDir: string,
    stuck: () => readonly string[],
    { clock, logger }: Pick<Deps, 'clock' | 'logger'>,
  ) {
    this.path = socketPath(dataDir);
    this.clock = clock;
    this.logger = logger;
    this.server = createServer((socket) => {
      socket.on('error', () => {});
      socket.end(healthAnswer(stuck()).body);
    });
  }

  /**
   * False where another process answers there. Never fails: a bridge that cannot be asked is still a bridge.
   */
  async start(): Promise<boolean> {
    try {
      if (this.path.length > LONGEST_PATH) throw new Error('the path of dataDir is too long');
      await makeFolder(dirname(this.path));
      return await this.listen();
    } catch (error) {
      // Whoever restarts what is not healthy (a container's HEALTHCHECK) restarts a working bridge then.
      this.logger.warn(`\`multical2mqtt health\` will not work: ${messageOf(error)}`);
      return true;
    }
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private async listen(): Promise<boolean> {
    return (
      (await this.couldListen()) ||
      (await exclusively(`${this.path}.lock`, this.clock, () => this.takeOver()))
    );
  }

  /** A bridge that was killed left its socket behind. One at a time, or a living one's would be taken for it. */
  private async takeOver(): Promise<boolean> {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const listener = await listenerAt(this.path);
      if (listener === 'alive') return false;
      if (listener === 'dead') await rm(this.path, { force: true });
      if (await this.couldListen()) return true;
    }
    return false;
  }

  /** False where there is something with this name. */
  private async couldListen(): Promise<boolean> {
    this.server.listen(this.path);
    try {
      await once(this.server, 'listening');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return false;
      throw error;
    }
    // Whoever could not be let in asks again.
    this.server.on('error', () => {});
    return true;
  }
}

const MOST_TRIES = 3;

/** Dead where it is known that nobody listens: one that is busy takes its time. */
function listenerAt(path: string): Promise<'alive' | 'dead' | 'none'> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve('alive');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (isMissing(error)) resolve('none');
      else resolve(NOBODY.includes(error.code) ? 'dead' : 'alive');
    });
  });
}

/** Also where a file of another kind lies there, and where the socket was another user's: no process of his is seen. */
const NOBODY: readonly (string | undefined)[] = ['ECONNREFUSED', 'ENOTSOCK', 'EACCES', 'EPERM'];

/** Milliseconds. Taking a socket over takes a few; who takes longer was killed in the midst of it. */
const LONGEST_TURN = 2_000;
const PAUSE = 20;

/** Runs `action` while no other process is within `exclusively` for the same file. */
async function exclusively<T>(file: string, clock: Clock, action: () => Promise<T>): Promise<T> {
  let patience = LONGEST_TURN;
  while (!(await couldMake(file))) {
    await sleep(clock, PAUSE);
    patience -= PAUSE;
    if (patience > 0) continue;
    await rm(file, { force: true });
    patience = LONGEST_TURN;
  }
  try {
    return await action();
  } finally {
    await rm(file, { force: true });
  }
}

async function couldMake(file: string): Promise<boolean> {
  try {
    await writeFile(file, '', { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Whether a bridge, however busy, listens in this data folder. */
export async function isAnswered(dataDir: string): Promise<boolean> {
  return (await listenerAt(socketPath(dataDir))) === 'alive';
}

/** Asks the bridge that uses this data folder what is stuck. Rejects where none answers. */
export function askHealth(dataDir: string, within = ANSWER_WITHIN): Promise<readonly string[]> {
  const path = socketPath(dataDir);
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    let text = '';
    const fail = (why: string): void => {
      socket.destroy();
      reject(new Multical2MqttError('failed', `No bridge answers at ${path}: ${why}`));
    };
    socket.setTimeout(within, () => fail('it took too long'));
    socket.on('error', (error) => fail(messageOf(error)));
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('end', () => {
      socket.destroy();
      resolve(healthReasons(text));
    });
  });
}

export function socketPath(dataDir: string): string {
  return join(dataDir, 'health.sock');
}
