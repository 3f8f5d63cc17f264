import type { LogAccess } from '../link/log-access.ts';
import type { MeterSession } from '../link/session.ts';
import type { FirstLook } from './first-look.ts';
import type { LogMemory } from './log-memory.ts';

/** Lends the line for one page: whoever else wants it gets it in between. */
export type LogVisit = <Result>(use: (session: MeterSession) => Promise<Result>) => Promise<Result>;

/** With what a log is read. */
export interface LogParts {
  readonly access: LogAccess;
  readonly visit: LogVisit;
  /** Of this very meter. */
  readonly memory: LogMemory;
  readonly look: FirstLook;
}
