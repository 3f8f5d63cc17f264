import { mkdir, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import { healthAnswer, healthReasons } from '../http/server.ts';
import { Multical2MqttError, messageOf } from '../shared/errors.ts';
import type { Logger } from '../shared/logger.ts';

/** Longer paths do not fit into a socket's address; the shortest limit is macOS's. */
const LONGEST_PATH = 100;
const ANSWER_WITHIN = 5_000;

/**
 * A door for `multical2mqtt health` into the running bridge, a socket in its data folder: no port of the network, and
 * only for who may read that folder. Whoever connects gets the text of `/healthz`.
 */
export class HealthSocket {
  private readonly path: string;
  private readonly logger: Logger;
  private readonly server: Server;

  constructor(dataDir: string, stuck: () => readonly string[], logger: Logger) {
    this.path = socketPath(dataDir);
    this.logger = logger;
    this.server = createServer((socket) => {
      socket.on('error', () => {});
      socket.end(healthAnswer(stuck()).body);
    });
    this.server.on('error', (error) => this.doWithout(messageOf(error)));
  }

  /** Never fails: a bridge that cannot be asked is still a bridge. */
  async start(): Promise<void> {
    if (this.path.length > LONGEST_PATH) return this.doWithout('the path of dataDir is too long');
    try {
      await mkdir(dirname(this.path), { recursive: true });
      // A bridge that was killed left its socket behind.
      await rm(this.path, { force: true });
    } catch (error) {
      return this.doWithout(messageOf(error));
    }
    this.server.listen(this.path);
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private doWithout(why: string): void {
    // Whoever restarts what is not healthy (a container's HEALTHCHECK) restarts a working bridge then.
    this.logger.warn(`\`multical2mqtt health\` will not work: ${why}`);
  }
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

function socketPath(dataDir: string): string {
  return join(dataDir, 'health.sock');
}
