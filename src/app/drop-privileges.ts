import { lchownSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Multical2MqttError, messageOf } from '../shared/errors.ts';
import { handOverShared } from './hand-over-shared.ts';

/** What is needed of the process; in tests it is not the test's own. */
export interface PrivilegedProcess {
  getuid?(): number;
  setgroups?(groups: readonly number[]): void;
  setgid?(id: number): void;
  setuid?(id: number): void;
}

export interface DropOptions {
  /** `uid:gid` in numbers. */
  readonly user: string;
  /** What is in it will belong to that user. */
  readonly dataDir: string;
  /** Folders that others write to as well: these, and the CSV files in them, will too. Made where they are missing. */
  readonly shared?: readonly string[];
  /** Where the system keeps its devices. */
  readonly devices: string;
  /** Takes a whole sentence on what does not keep us from going on. */
  readonly warn: (text: string) => void;
}

/** `dialout`, which owns serial ports, on Home Assistant OS and on Debian. */
const SERIAL_GROUPS: readonly number[] = [18, 20];
const SERIAL_PORT = /^tty(USB|ACM|AMA|S)\d+$/;

/**
 * From root to a user without privileges, before anything else is done. A container needs this where it must begin as
 * root: Home Assistant's Supervisor writes an add-on's options so that only root may read them.
 */
export function dropPrivileges(
  process: PrivilegedProcess,
  { user, dataDir, shared = [], devices, warn }: DropOptions,
): void {
  if (process.getuid?.() !== 0) return;
  const [, uid = 0, gid = 0] = /^(\d+):(\d+)$/.exec(user)?.map(Number) ?? [];
  try {
    if (uid === 0 || gid === 0) throw new Error('write it as uid:gid in numbers, neither of them 0');
    const to = `${uid}:${gid}`;
    tryHandOver(dataDir, to, warn, () => handOver(dataDir, uid, gid));
    for (const folder of shared)
      tryHandOver(folder, to, warn, () => handOverShared(folder, '.csv', uid, gid));
    process.setgroups?.([...new Set([gid, ...SERIAL_GROUPS, ...groupsOfPorts(devices)])]);
    process.setgid?.(gid);
    process.setuid?.(uid);
  } catch (error) {
    throw new Multical2MqttError(
      'failed',
      `Cannot become the user ${user} (RUN_AS): ${messageOf(error)}. Start as that user to begin with (docker run --user ${user} --group-add dialout), or as root with the capabilities CHOWN, SETUID and SETGID.`,
      { cause: error },
    );
  }
}

/** A folder that is read only can hold a configuration all the same. */
function tryHandOver(folder: string, to: string, warn: (text: string) => void, handOver: () => void): void {
  try {
    handOver();
  } catch (error) {
    warn(`Cannot give ${folder} to the user ${to}, so that nothing may be kept there: ${messageOf(error)}`);
  }
}

function handOver(path: string, uid: number, gid: number): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  // What is neither root's nor ours is somebody else's; and a file with a second name may be one outside.
  const isOurs = found.uid === uid;
  if (!isOurs && (found.uid !== 0 || (found.isFile() && found.nlink > 1))) return;
  // Never through a link: it may point anywhere.
  if (!isOurs) lchownSync(path, uid, gid);
  if (found.isDirectory()) for (const name of readdirSync(path)) handOver(join(path, name), uid, gid);
}

/** The groups that own the serial ports here, whatever the system calls them. */
function groupsOfPorts(devices: string): number[] {
  const ports = readdirSync(devices).filter((name) => SERIAL_PORT.test(name));
  const owners = ports.map((name) => statSync(join(devices, name), { throwIfNoEntry: false })?.gid ?? 0);
  return owners.filter((gid) => gid !== 0);
}
