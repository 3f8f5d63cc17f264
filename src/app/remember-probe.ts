import type { Logger } from '../log/logger.ts';
import { StateStore } from '../state/state-store.ts';
import type { ProbeResult } from './probe-meter.ts';
import { StoredMeterMemory } from './stored-meter-memory.ts';

/** Writes what a probe found into the bridge's memory, which takes effect at its next start. */
export function rememberProbe(
  result: ProbeResult,
  place: { readonly port: string; readonly address: number },
  dataDir: string,
  logger: Logger,
): void {
  const { meter, readings, absent, silent } = result;
  const memory = new StoredMeterMemory(new StateStore(dataDir, logger));
  const known = memory.recall(meter.serialNumber);
  const gone = new Set<number | null>([...absent, ...silent]);
  memory.remember({
    ...known,
    serialNumber: meter.serialNumber,
    ...place,
    type: meter.type === null ? null : { meterType: meter.type, softwareRevision: meter.softwareRevision },
    present: readings.map(({ register }) => register),
    absent: [...absent, ...silent],
    latest: (known?.latest ?? []).filter(({ register }) => !gone.has(register)),
    // Which of them stand still is found out anew.
    details: undefined,
  });
}
