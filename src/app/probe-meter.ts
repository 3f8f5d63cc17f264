import { MOST_REGISTERS } from '../kmp/commands/get-register.ts';
import { KNOWN_REGISTER_IDS } from '../kmp/registers/register-table.ts';
import type { RegisterBatch } from '../meter/meter-client.ts';
import type { RegisterReading } from '../readings/reading.ts';
import { takeReading } from '../readings/take-reading.ts';
import { systemClock } from '../shared/clock.ts';
import { hasCode } from '../shared/errors.ts';
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
  const { serialNumber, type } = await whoIsIt(oneShot);
  const batches: RegisterBatch[] = [];
  const readings: RegisterReading[] = [];
  const absent: number[] = [];
  const silent: number[] = [];
  const total = registers.length;
  for (let asked = 0; asked < total; asked += MOST_REGISTERS) {
    const ids = registers.slice(asked, asked + MOST_REGISTERS);
    for (const { batch, unanswered } of await askOrSplit(oneShot, ids)) {
      batches.push(batch);
      readings.push(...batch.records.map((record) => takeReading(record, systemClock.now())));
      absent.push(...batch.absent);
      silent.push(...unanswered);
    }
    onProgress({ asked: asked + ids.length, total, found: readings.length });
  }
  const meter = describeMeter(serialNumber, type, batches);
  return { meter, readAt: systemClock.now(), readings, absent, silent };
}

interface Answer {
  readonly batch: RegisterBatch;
  readonly unanswered: readonly number[];
}

const NOTHING: RegisterBatch = { records: [], absent: [] };

/** Some meters fall silent on a register that they do not know: then one at a time, so that it hides no other. */
async function askOrSplit(oneShot: OneShot, ids: readonly number[]): Promise<Answer[]> {
  try {
    return [{ batch: await askOnce(oneShot, ids), unanswered: [] }];
  } catch (error) {
    if (!hasCode(error, 'no-answer')) throw error;
    // Still there? A meter that fell asleep has said nothing about its registers.
    await oneShot.client.serialNumber(oneShot.session);
    if (ids.length === 1) return [{ batch: NOTHING, unanswered: ids }];
    const answers: Answer[] = [];
    for (const id of ids) answers.push(...(await askOrSplit(oneShot, [id])));
    return answers;
  }
}

async function askOnce({ client, session }: OneShot, ids: readonly number[]): Promise<RegisterBatch> {
  const batches: RegisterBatch[] = [];
  for await (const batch of client.registers(session, ids)) batches.push(batch);
  return {
    records: batches.flatMap(({ records }) => records),
    absent: batches.flatMap(({ absent }) => absent),
  };
}
