import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { Multical2MqttError, messageOf } from '../shared/errors.ts';
import { makeFolderNow } from '../shared/folders.ts';
import type { Logger } from '../shared/logger.ts';
import { VERSION } from './schema.ts';
import { HistoryStore } from './store.ts';

/** When and how much somebody is at home can be seen in it. */
const OWN = 0o600;
/** SQLite keeps what was written last in files beside its own. */
const PARTS = ['', '-wal', '-shm'];
/** Files that are set aside before the last of them is replaced: a disk that fails must not fill up with them. */
const MOST_ASIDE = 5;
const DAMAGED = 'is damaged';
/** For whoever met one beside a bridge. */
export const INSTEAD_OF_DAMAGED =
  'Restart the bridge, or move the file away where none runs: a new one begins';
/** Milliseconds. */
const PATIENCE = 5_000;
const HEADER = { length: 100, magic: 'SQLite format 3\0', version: 60 };

/**
 * Opens the history, or begins one. What cannot be used is set aside first, as other tools may still read it: never while
 * it is open, because SQLite, when it closes a file at last, removes by name what may be the new one's.
 */
export function openHistory(file: string, logger: Logger): HistoryStore {
  makeFolderNow(dirname(file));
  const fault = faultOf(file);
  if (fault !== undefined) setAside(file, fault, logger);
  makeOurs(file);
  return HistoryStore.open(file);
}

/**
 * Opens the history for a command beside a bridge, which may have it open: what cannot be used is left alone, and who writes
 * there is waited for.
 */
export function openBeside(file: string): HistoryStore {
  makeFolderNow(dirname(file));
  const fault = faultOf(file);
  const advice = fault === DAMAGED ? INSTEAD_OF_DAMAGED : 'Use that version';
  if (fault !== undefined) throw new Multical2MqttError('failed', `The history ${file} ${fault}. ${advice}.`);
  makeOurs(file);
  const store = HistoryStore.open(file, true);
  store.database.exec(`PRAGMA busy_timeout = ${PATIENCE}`);
  return store;
}

/** Also where root begins it for the user that the bridge runs as. */
function makeOurs(file: string): void {
  const isNew = !existsSync(file);
  closeSync(openSync(file, 'a', OWN));
  chmodSync(file, OWN);
  if (!isNew || process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(dirname(file));
  chownSync(file, uid, gid);
}

/** True for what SQLite says of a file that is not whole. It is set aside at the next start. */
export function isDamage(error: unknown): boolean {
  return /not a database|malformed/i.test(messageOf(error));
}

/** So that the next start of a bridge sets it aside. */
export function markDamaged(file: string): void {
  try {
    writeFileSync(markOf(file), '');
  } catch {
    // Then it is met again.
  }
}

function markOf(file: string): string {
  return `${file}.damaged`;
}

/** What is the matter with it; undefined where it may be opened, or is not there. */
function faultOf(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  if (existsSync(markOf(file))) return DAMAGED;
  const header = Buffer.alloc(HEADER.length);
  const handle = openSync(file, 'r');
  const length = readSync(handle, header);
  closeSync(handle);
  if (length === 0) return undefined;
  if (header.toString('latin1', 0, HEADER.magic.length) !== HEADER.magic) return DAMAGED;
  const isNewer = header.readUInt32BE(HEADER.version) > VERSION;
  return isNewer ? 'is of a newer version of this program' : undefined;
}

/** `why`: what it is. */
function setAside(file: string, why: string, logger: Logger): void {
  const names = Array.from(
    { length: MOST_ASIDE },
    (_, index) => `${file}.old${index === 0 ? '' : index + 1}`,
  );
  const aside = names.find((name) => !existsSync(name)) ?? (names.at(-1) as string);
  for (const part of PARTS) {
    rmSync(`${aside}${part}`, { force: true });
    if (existsSync(`${file}${part}`)) renameSync(`${file}${part}`, `${aside}${part}`);
  }
  rmSync(markOf(file), { force: true });
  logger.warn(`The history ${file} ${why}: it is kept as ${aside}, and a new one begins`);
}
