import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { messageOf } from './errors.ts';

/** A process that has something which only one can have. */
interface Holder {
  readonly pid: number;
  /** What a person knows it by: the program, and of an interpreter what it runs. */
  readonly name: string;
}

/** Where the system tells of processes: Linux's `/proc`. Each throws where there is no such thing, or no right to see it. */
export interface ProcessFiles {
  list(path: string): readonly string[];
  read(path: string): string;
  link(path: string): string;
}

const SYSTEM: ProcessFiles = {
  list: (path) => readdirSync(path),
  read: (path) => readFileSync(path, 'utf8'),
  link: (path) => readlinkSync(path),
};

/**
 * `mosquitto (process 812)`, for the beginning of a sentence; `another program` where the system does not tell, as it
 * tells only root of another user's programs, and nobody of those in another container.
 */
export function listenerAtPort(port: number, files = SYSTEM): string {
  const tables = ['/proc/net/tcp', '/proc/net/tcp6'].map((path) => attempt(() => files.read(path)) ?? '');
  return nameOf(holdersOf(listeningInodes(tables.join('\n'), port).map(socketLink), files));
}

/** The same for a socket in a folder. */
export function listenerAtPath(path: string, files = SYSTEM): string {
  const table = attempt(() => files.read('/proc/net/unix')) ?? '';
  const ends = table.split('\n').filter((line) => line.endsWith(` ${path}`));
  const inodes = ends.flatMap((line) => line.trim().split(/\s+/)[6] ?? []);
  return nameOf(holdersOf(inodes.map(socketLink), files));
}

/** The same for a device; other names that lead to it are the same. Undefined where the system does not tell. */
export function openerOf(device: string, files = SYSTEM): string | undefined {
  const path = attempt(() => realpathSync(device)) ?? device;
  const holders = holdersOf([path], files);
  return holders.length === 0 ? undefined : nameOf(holders);
}

/** Why nothing can listen at this port of `host`, for the end of a sentence. */
export function whyNotAtPort(error: unknown, host: string, port: number, files = SYSTEM): string {
  const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  return isTaken ? `${listenerAtPort(port, files)} has port ${port} of ${host}` : messageOf(error);
}

/** Of all addresses: where there are several with one port, it may be any of them. */
export function listeningInodes(table: string, port: number): readonly string[] {
  return table.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
    const isIt = state === LISTENING && Number.parseInt(local.split(':')[1] ?? '', 16) === port;
    return isIt ? [inode] : [];
  });
}

const LISTENING = '0A';

function socketLink(inode: string): string {
  return `socket:[${inode}]`;
}

/** Processes that have one of these open, of each program the one that began first. */
function holdersOf(links: readonly string[], files: ProcessFiles): readonly Holder[] {
  if (links.length === 0) return [];
  const pids = (attempt(() => files.list('/proc')) ?? []).filter((name) => /^\d+$/.test(name)).map(Number);
  const holders = new Map<string, Holder>();
  for (const pid of pids.sort((a, b) => a - b)) {
    const open = attempt(() => files.list(`/proc/${pid}/fd`)) ?? [];
    if (!open.some((file) => links.includes(attempt(() => files.link(`/proc/${pid}/fd/${file}`)) ?? '')))
      continue;
    const name = programOf(pid, files);
    if (!holders.has(name) || pid === process.pid) holders.set(name, { pid, name });
  }
  return [...holders.values()];
}

const MOST_NAMED = 3;
/** In place of a name. */
export const ITSELF = 'this program itself';

function nameOf(holders: readonly Holder[]): string {
  if (holders.length === 0 || holders.length > MOST_NAMED) return 'another program';
  if (holders.some(({ pid }) => pid === process.pid)) return ITSELF;
  return holders.map(({ pid, name }) => `${name} (process ${pid})`).join(' or ');
}

const INTERPRETERS = /^(node|nodejs|python[\d.]*|perl|ruby|java|sh|bash|dash)$/;
const LONGEST_NAME = 40;

/** Never what else stands in its command line: that may be a password. */
function programOf(pid: number, files: ProcessFiles): string {
  const words = (attempt(() => files.read(`/proc/${pid}/cmdline`)) ?? '').split('\0');
  const [program = '', script] = words;
  // Some write what they do in its place, as in "nginx: master process /usr/sbin/nginx".
  const own = basename(program.split(/:? /)[0] ?? '');
  const runs =
    INTERPRETERS.test(own) && script !== undefined && /^[^-]/.test(script) ? ` ${basename(script)}` : '';
  const name = own === '' ? (attempt(() => files.read(`/proc/${pid}/comm`)) ?? '').trim() : `${own}${runs}`;
  return name.replace(/\p{C}/gu, '').slice(0, LONGEST_NAME) || 'a program';
}

/** Processes end while one looks, and most are not for everybody's eyes. */
function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
