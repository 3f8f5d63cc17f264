import type { Deps } from '../shared/deps.ts';
import { Multical2MqttError } from '../shared/errors.ts';
import { listenerAtPath } from '../shared/holders.ts';
import type { Logger } from '../shared/logger.ts';
import { HealthSocket, isAnswered, socketPath } from './health-socket.ts';
import { type Owner, OwnerFile } from './owner.ts';
import { StateDisk } from './state-disk.ts';

interface DataLockOptions extends Pick<Deps, 'clock' | 'logger'> {
  readonly dataDir: string;
  /** For whoever asks how the bridge is. */
  readonly stuck: () => readonly string[];
  /** Where Linux tells of processes. */
  readonly proc?: string;
}

/**
 * Keeps a second bridge out of a data folder, and never one whose predecessor was killed:
 *
 *   the process that owner.json names may be seen to run
 *   who answers at the socket in the folder is alive, also in another container of this machine
 *   on another machine nobody can be seen: that is said, and no obstacle
 *
 * Nothing is written while the bridge runs.
 */
export class DataLock {
  private readonly options: DataLockOptions;
  private readonly socket: HealthSocket;
  private readonly owners: OwnerFile;

  constructor(options: DataLockOptions) {
    const { dataDir, stuck, logger, proc } = options;
    this.options = options;
    this.socket = new HealthSocket(dataDir, stuck, options);
    this.owners = new OwnerFile(dataDir, new StateDisk(logger), proc);
  }

  /** Error `data-in-use` where another bridge uses the folder. */
  async claim(): Promise<void> {
    const { clock, dataDir, logger } = this.options;
    const owner = this.owners.read();
    const isTaken = owner !== undefined && this.owners.runsHere(owner);
    if (isTaken || !(await this.socket.start())) throw inUse(dataDir, this.owners.read());
    if (owner !== undefined && this.owners.ranElsewhere(owner))
      logger.warn(
        `${dataDir} was last used by ${nameOf(owner)}, which did not end in order. If a bridge still runs there, stop one of the two or give each a dataDir of its own: they overwrite what the other knows.`,
      );
    this.owners.write(clock.now());
  }

  async release(): Promise<void> {
    this.owners.remove();
    await this.socket.stop();
  }
}

/** Who uses this data folder, for a sentence; undefined where no bridge is seen to. Changes nothing. */
export async function bridgeIn(dataDir: string, logger: Logger): Promise<string | undefined> {
  const owners = new OwnerFile(dataDir, new StateDisk(logger));
  const owner = owners.read();
  if (owner !== undefined && owners.runsHere(owner)) return nameOf(owner);
  return (await isAnswered(dataDir)) ? answering(dataDir) : undefined;
}

/** Where nobody has left a name. */
function answering(dataDir: string): string {
  return `a bridge that answers there, ${listenerAtPath(socketPath(dataDir))}`;
}

function inUse(dataDir: string, owner: Owner | undefined): Multical2MqttError {
  const who = owner === undefined ? answering(dataDir) : nameOf(owner);
  const message = `${dataDir} is in use by ${who}. Stop that bridge, or give this one a dataDir of its own: two in one folder overwrite what each of them knows.`;
  return new Multical2MqttError('data-in-use', message);
}

function nameOf({ pid, host, since }: Owner): string {
  return `process ${pid} on ${host}, started ${since}`;
}
