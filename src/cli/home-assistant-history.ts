import { StoredUnits } from '../app/memory.ts';
import { pastPrice } from '../app/past-price.ts';
import { StateStore } from '../app/state-store.ts';
import { homeAssistantAccess } from '../app/statistics-access.ts';
import { loadConfig } from '../config/load.ts';
import { Multical2MqttError } from '../shared/errors.ts';
import { computerClock } from '../shared/release.ts';
import type { HomeAssistantAccess, LoanOptions } from '../statistics/connection.ts';
import type { ConfiguredMeter } from './chosen-meter.ts';
import { commandLogger, type Io, print } from './io.ts';
import type { KeptLogs } from './kept-logs.ts';

/** What is to be done in Home Assistant with what a meter wrote down. */
export interface StatisticsWish {
  readonly homeAssistant?: true;
  readonly undo?: true;
  readonly dryRun?: true;
  readonly replace?: true;
}

/** Error `usage` where words are together that cannot be meant. */
export function checkStatisticsWish({ homeAssistant, undo, dryRun, replace }: StatisticsWish): void {
  const wrong = (text: string): never => {
    throw new Multical2MqttError('usage', text);
  };
  if (undo && (homeAssistant || dryRun || replace))
    wrong('--undo takes back what --home-assistant brought in: it stands alone.');
  if ((dryRun || replace) && !homeAssistant)
    wrong(`${dryRun ? '--dry-run' : '--replace'} says how --home-assistant is meant: add that.`);
}

/** How one gets at Home Assistant: looked for before a meter is asked. Error `config`. */
export function accessOf(io: Pick<Io, 'environment'>, file: string | undefined): HomeAssistantAccess {
  const loaded = loadConfig({ file, environment: io.environment });
  const access = homeAssistantAccess(loaded, io.environment);
  if (access !== undefined) return access;
  throw new Multical2MqttError(
    'config',
    'Nobody has said where Home Assistant is: set homeAssistant.url and homeAssistant.token (docs/history.md says how).',
  );
}

/** In Home Assistant's statistics, what is kept of the meter's log; tells what was done, or would be. */
export async function bringIn(
  io: Io,
  access: HomeAssistantAccess,
  { meter, dataDir }: ConfiguredMeter,
  kept: KeptLogs,
  { dryRun, replace }: StatisticsWish,
): Promise<void> {
  const serialNumber = serialNumberOf(kept);
  const { published } = new StoredUnits(new StateStore(dataDir, commandLogger(io, 'error'))).recall(
    serialNumber,
  );
  const { importHistory } = await import('../statistics/import.ts');
  const { lines } = await importHistory(
    access,
    {
      ...{ serialNumber, name: meter.name, timezone: meter.timezone },
      rows: (logger) => kept.rows(serialNumber, logger),
    },
    {
      ...{ ...patience(io), dataDir, dryRun: dryRun === true, replace: replace === true },
      price: pastPrice(meter, kept.rows(serialNumber, 'day').at(-1), published),
    },
  );
  for (const line of lines) print(io.out, line);
}

/** Out of Home Assistant again, exactly what was brought in. */
export async function takeBack(
  io: Io,
  access: HomeAssistantAccess,
  { meter, dataDir }: ConfiguredMeter,
  kept: KeptLogs,
): Promise<void> {
  const undone = { serialNumber: serialNumberOf(kept), name: meter.name };
  const { undoImport } = await import('../statistics/undo.ts');
  const { lines } = await undoImport(access, undone, { ...patience(io), dataDir });
  for (const line of lines) print(io.out, line);
}

/** How Home Assistant is waited for. */
function patience(io: Io): LoanOptions {
  const takesLong = (): void =>
    print(io.err, 'Home Assistant takes its time: waiting for it. Ctrl+C ends it.');
  return { clock: computerClock, signal: io.signal, takesLong };
}

function serialNumberOf({ serialNumber, problem }: KeptLogs): string {
  if (serialNumber !== undefined) return serialNumber;
  const why = problem ?? "Nothing of this meter's log is known yet: read it first.";
  throw new Multical2MqttError('failed', why);
}
