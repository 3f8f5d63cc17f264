import { AGAIN } from '../link/again.ts';
import type { Contact, MeterClient, RegisterBatch } from '../link/client.ts';
import type { MeterSession } from '../link/session.ts';
import { type RegisterReading, toReading } from '../readings/reading.ts';
import type { Clock } from '../shared/clock.ts';
import type { KnownMeter } from './known-meter.ts';
import type { Progress } from './progress.ts';

/** A meter within reach. */
export interface AskableMeter {
  readonly client: MeterClient;
  readonly session: MeterSession;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  /** Told of each reply. */
  readonly progress?: Pick<Progress, 'heard'>;
}

/** One reply, with the moment at which it was complete. */
export interface StampedBatch extends RegisterBatch {
  /** Milliseconds since 1970. */
  readonly readAt: number;
  /** The same on the monotonic clock. */
  readonly uptime: number;
  /** Tries without a reply so far: somebody may have moved the head meanwhile. */
  readonly failedTries: number;
}

/** Registers asked for in one go, and what the meter answered. */
export interface AskedRegisters {
  readonly ids: readonly number[];
  readonly batches: readonly StampedBatch[];
  /** The reason why the rest did not come; earlier batches are good and are not asked for again. */
  readonly failure?: unknown;
}

/** Asks a meter for registers, and once more for those that it surprisingly left out. */
export async function askKnownMeter(
  askable: AskableMeter,
  meter: KnownMeter,
  ids: readonly number[],
  contact: Contact,
): Promise<AskedRegisters> {
  let asked = await ask(askable, ids, contact);
  // An unknown meter that seems to have nothing at all is asked until that can be believed.
  for (
    let answers = 1;
    answers < AGAIN.emptyAnswers && meter.present.size === 0 && isEmpty(asked);
    answers++
  ) {
    for (const batch of asked.batches) meter.learn(batch);
    asked = await ask(askable, ids, 'responsive');
  }
  const missing = omittedIn(asked).filter((id) => meter.expects(id));
  if (missing.length === 0 || isEmpty(asked) || asked.failure !== undefined) return asked;
  // The reply to another program's request may hold some of our registers: what it lacks is asked for once more.
  const { batches, failure } = await ask(askable, missing, 'responsive');
  const first = asked.batches.map((batch) => without(batch, missing));
  return { ids, batches: [...first, ...batches], ...(failure !== undefined && { failure }) };
}

/**
 * Asks once more for each reply that held one of these registers; what comes now counts. A gateway that serves several
 * meters may have handed over the reply of another one, which nothing in it tells.
 */
export async function askAgainFor(
  askable: AskableMeter,
  asked: AskedRegisters,
  doubtful: ReadonlySet<number>,
): Promise<AskedRegisters> {
  const isDoubtful = ({ records }: StampedBatch): boolean => records.some(({ id }) => doubtful.has(id));
  const kept = asked.batches.filter((batch) => !isDoubtful(batch));
  const ids = asked.batches.filter(isDoubtful).flatMap(({ records }) => records.map(({ id }) => id));
  const { batches, failure } = await ask(askable, ids, 'responsive');
  return { ids: asked.ids, batches: [...kept, ...batches], ...(failure !== undefined && { failure }) };
}

/** Asks for registers once, whatever is known of the meter. */
export async function ask(
  { client, session, clock, progress }: AskableMeter,
  ids: readonly number[],
  contact: Contact,
): Promise<AskedRegisters> {
  const batches: StampedBatch[] = [];
  try {
    for await (const batch of client.registers(session, ids, contact)) {
      progress?.heard(batch.records.length + batch.absent.length + batch.silent.length);
      batches.push({
        ...batch,
        readAt: clock.now(),
        uptime: clock.monotonic(),
        failedTries: client.failedTries,
      });
    }
  } catch (failure) {
    return { ids, batches, failure };
  }
  return { ids, batches };
}

/** Each with the moment of its reply: asking for everything takes a minute and more. */
export function readingsOf({ batches }: Pick<AskedRegisters, 'batches'>): RegisterReading[] {
  return batches.flatMap(({ records, readAt, uptime }) =>
    records.map((record) => toReading(record, readAt, uptime)),
  );
}

export function omittedIn({ batches }: Pick<AskedRegisters, 'batches'>): number[] {
  return batches.flatMap(({ absent, silent }) => [...absent, ...silent]);
}

/** The meter answered, but without a single register. */
export function isEmpty({ ids, batches, failure }: AskedRegisters): boolean {
  return ids.length > 0 && failure === undefined && batches.every(({ records }) => records.length === 0);
}

function without(batch: StampedBatch, ids: readonly number[]): StampedBatch {
  const { absent, silent } = batch;
  const others = (id: number): boolean => !ids.includes(id);
  return { ...batch, absent: absent.filter(others), silent: silent.filter(others) };
}
