import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

type Cell = number | string | null;

export interface Statement {
  run(...values: readonly Cell[]): { readonly changes: number | bigint };
  get(...values: readonly Cell[]): unknown;
  all(...values: readonly Cell[]): readonly unknown[];
}

/** What we use of a SQLite driver. Everything blocks until it is done: a reading is some kilobytes. */
export interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

type Driver = new (file: string) => Database;

/** From here on it is no experiment any more, and says nothing on standard error. */
const HAS_SQLITE = 24;

/**
 * Opens a file, or makes it. Node's own driver needs no package and the least memory (12 MB; `libsql` 23 MB); Node before
 * 24 gets `libsql`, whose binary comes in its package. Loaded only when it is called. Errors of the driver come through.
 */
export function openDatabase(file: string, node = process.versions.node): Database {
  const database = opened(file, node);
  // Readers of other programs do not disturb us, nor we them, and whoever writes there is not waited for; a crash loses the last seconds at most, never the file.
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -1000; PRAGMA busy_timeout = 50',
  );
  return database;
}

/**
 * Opens a file that cannot be written, also where there is no room for the files that SQLite keeps beside it: what stands
 * in these alone is not seen. Nobody may write it meanwhile.
 */
export function openUnwritable(file: string, node = process.versions.node): Database {
  return opened(`${pathToFileURL(file).href}?mode=ro&immutable=1`, node);
}

function opened(name: string, node: string): Database {
  const require = createRequire(import.meta.url);
  const isBuiltIn = Number.parseInt(node, 10) >= HAS_SQLITE;
  const Driver = loadDriver(() => (isBuiltIn ? require('node:sqlite').DatabaseSync : require('libsql')));
  return isBuiltIn ? new Driver(name) : lasting(new Driver(name));
}

/** A statement of `libsql` whose `get` has failed once, as on a full disk, fails for ever; its `all` does not. */
function lasting(database: Database): Database {
  return {
    exec: (sql) => database.exec(sql),
    close: () => database.close(),
    prepare: (sql) => {
      const statement = database.prepare(sql);
      return {
        run: (...values) => statement.run(...values),
        all: (...values) => statement.all(...values),
        get: (...values) => statement.all(...values)[0],
      };
    },
  };
}

/** All of it or nothing. */
export function inOneStep(database: Database, action: () => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    action();
    database.exec('COMMIT');
  } catch (error) {
    try {
      database.exec('ROLLBACK');
    } catch {
      // A full disk has done that already.
    }
    throw error;
  }
}

export class NoDriver extends Error {}

/** There is none for each kind of machine. */
function loadDriver(load: () => Driver): Driver {
  try {
    return load();
  } catch (error) {
    throw new NoDriver('there is no SQLite for this kind of machine', { cause: error });
  }
}
