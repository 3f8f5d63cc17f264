import {
  closeSync,
  constants,
  existsSync,
  fchownSync,
  fstatSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { ADDON_CSV_FOLDER } from '../config/addon.ts';
import { Multical2MqttError, messageOf } from '../shared/errors.ts';

/** The parts of `process` that are used; tests give their own. */
export interface PrivilegedProcess {
  getuid?(): number;
  setgroups?(groups: readonly number[]): void;
  setgid?(id: number): void;
  setuid?(id: number): void;
}

export interface DropOptions {
  /** `uid:gid` in numbers. */
  readonly user: string;
  /** Its content will belong to that user. */
  readonly dataDir: string;
  /** Folders that others write to as well: these, and the CSV files in them, will too. Made where they are missing. */
  readonly shared?: readonly string[];
  /** Folder of the system's devices. */
  readonly devices: string;
  /** Gets a whole sentence about a failure that does not keep the program from going on. */
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
  // Files of other users stay theirs, and a file with a second name may be one outside.
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

/**
 * Folders outside the data folder that an add-on's options want us to write to. They are looked at before anything is
 * checked; what is wrong with them is said by whoever loads the configuration.
 */
export function addonFolders(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  const { SUPERVISOR_TOKEN = '', SUPERVISOR_OPTIONS = '/data/options.json' } = environment;
  if (SUPERVISOR_TOKEN === '') return [];
  try {
    const options: unknown = JSON.parse(readFileSync(SUPERVISOR_OPTIONS, 'utf8'));
    return wantsCsv(options) ? [ADDON_CSV_FOLDER] : [];
  } catch {
    return [];
  }
}

function wantsCsv(options: unknown): boolean {
  const { csv } = (options ?? {}) as { readonly csv?: { readonly enabled?: unknown } | null };
  return csv?.enabled === true;
}

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = constants;

/**
 * Gives a folder, made where it is missing, and root's files in it with a certain end to a user. Others write there too,
 * at any moment: a link is nothing to follow, and what is given is what was looked at, not what has its name now.
 */
function handOverShared(folder: string, end: string, uid: number, gid: number): void {
  if (!existsSync(folder)) mkdirSync(folder);
  const opened = openSync(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  try {
    const owner = fstatSync(opened).uid;
    if (owner !== 0 && owner !== uid) throw new Error(`it belongs to the user ${owner}`);
    if (owner === 0) fchownSync(opened, uid, gid);
    const within = `/proc/self/fd/${opened}`;
    for (const name of readdirSync(within))
      if (name.endsWith(end)) handOverFile(`${within}/${name}`, uid, gid);
  } finally {
    closeSync(opened);
  }
}

function handOverFile(path: string, uid: number, gid: number): void {
  const opened = tryOpen(path);
  if (opened === undefined) return;
  try {
    const found = fstatSync(opened);
    // A file with a second name may be one outside.
    if (found.isFile() && found.uid === 0 && found.nlink === 1) fchownSync(opened, uid, gid);
  } finally {
    closeSync(opened);
  }
}

/** Undefined for a link, and for a file that has gone meanwhile. Does not wait at a pipe. */
function tryOpen(path: string): number | undefined {
  try {
    return openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch {
    return undefined;
  }
}
