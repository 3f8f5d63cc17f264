import type { LoggerName } from '../catalogue/loggers.ts';
import type { ApplicationBytes } from '../kmp/bytes.ts';
import type { RegisterRecord } from '../kmp/register.ts';

/** What a meter answers, and the rows of its log that are in it. */
export interface LogAnswer {
  readonly application: ApplicationBytes;
  readonly logged?: { readonly logger: LoggerName; readonly ids: readonly number[] };
}

/** Records in the order in which they were asked for. */
export function onlyRegisters(ids: readonly number[], records: readonly RegisterRecord[]): RegisterRecord[] {
  return ids.flatMap((id) => records.find((each) => each.id === id) ?? []);
}
