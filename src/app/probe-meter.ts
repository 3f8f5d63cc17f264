import { MOST_REGISTERS } from '../kmp/commands/get-register.ts';
import { KNOWN_REGISTER_IDS } from '../kmp/registers/register-table.ts';
import type { RegisterBatch } from '../meter/meter-client.ts';
import type { RegisterReading } from '../readings/reading.ts';
import { takeReading } from '../readings/take-reading.ts';
import { systemClock } from '../shared/clock.ts';
import { describeMeter } from './meter-description.ts';
import { type OneShot, type OneShotOptions, withMeter } from './one-shot.ts';
import { type MeterReadings, whoIsIt } from './read-meter.ts';

/** What a probe found. `silent`: registers on which the meter did not answer at all, not even without them. */
export interface ProbeResult extends MeterReadings {
  readonly silent: readonly number[];
}

export interface ProbeProgress {
  readonly asked: number;
  readonly total: number;
  readonly found: number;
}

/** Asks for every known register, eight at a time. */
export function probeMeter(
  options: OneShotOptions,
  onProgress: (progress: ProbeProgress) => void,
): Promise<ProbeResult> {
  return withMeter(options, (oneShot) => probe(oneShot, KNOWN_REGISTER_IDS, onProgress));
}

/** The same for a meter at hand and any registers. */
export async function probe(
  oneShot: OneShot,
  registers: readonly number[],
  onProgress: (progress: ProbeProgress) => void,
): Promise<ProbeResult> {
  const { client, session } = oneShot;
  const { serialNumber, type } = await whoIsIt(oneShot);
  const batches: RegisterBatch[] = [];
  const readings: RegisterReading[] = [];
  const absent: number[] = [];
  const silent: number[] = [];
  const total = registers.length;
  for (let asked = 0; asked < total; asked += MOST_REGISTERS) {
    const ids = registers.slice(asked, asked + MOST_REGISTERS);
    for await (const batch of client.registers(session, ids, true)) {
      batches.push(batch);
      readings.push(...batch.records.map((record) => takeReading(record, systemClock.now())));
      absent.push(...batch.absent);
      silent.push(...batch.silent);
    }
    onProgress({ asked: asked + ids.length, total, found: readings.length });
  }
  const meter = describeMeter(serialNumber, type, batches);
  return { meter, readAt: systemClock.now(), readings, absent, silent };
}
