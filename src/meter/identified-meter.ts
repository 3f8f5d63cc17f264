import { SELF_DESCRIPTION } from '../catalogue/families.ts';
import type { MeterType } from '../kmp/messages.ts';
import type { MeterClient } from '../link/client.ts';
import type { MeterSession } from '../link/session.ts';
import { newestOf, type RegisterReading } from '../readings/reading.ts';
import { computerClock } from '../shared/release.ts';
import { ask, omittedIn, readingsOf, type StampedBatch } from './ask.ts';
import { customerNumber, describeMeter, type MeterDescription, tellingModel } from './meter-description.ts';

/** A meter that is asked once, outside of what is read regularly. */
export interface Inquiry {
  readonly client: MeterClient;
  readonly session: MeterSession;
  readonly visit: {
    /** To be told who it is. */
    answered(serialNumber: string): void;
  };
}

export interface MeterReadings {
  readonly meter: MeterDescription;
  /** When the last reply was complete: milliseconds since 1970. */
  readonly readAt: number;
  readonly readings: readonly RegisterReading[];
  /** Asked for and not there. */
  readonly absent: readonly number[];
}

export interface IdentifiedMeter extends MeterReadings {
  readonly meter: MeterDescription & { readonly customerNumber: string | null };
}

/**
 * Type, software, serial and customer number, and what the meter says of itself. Where that does not tell its model,
 * one request more, or two, for the few registers that tell families apart.
 */
export async function identified(meter: Inquiry): Promise<IdentifiedMeter> {
  const { serialNumber, type } = await whoIsIt(meter);
  const selfDescription = await answersOf(meter, SELF_DESCRIPTION);
  const { readings, readAt, absent } = resultOf(selfDescription);
  const described = describeMeter(serialNumber, type, await clarified(meter, type, selfDescription));
  return { meter: { ...described, customerNumber: customerNumber(readings) }, readAt, readings, absent };
}

/** Asks a meter whose model is not clear for what tells it: one request more, or two or three. */
export async function clarified(
  meter: Inquiry,
  type: MeterType | null,
  answers: readonly StampedBatch[],
): Promise<readonly StampedBatch[]> {
  let batches = answers;
  for (let ids = tellingModel(type, batches); ids.length > 0; ids = tellingModel(type, batches))
    batches = [...batches, ...(await answersOf(meter, ids))];
  return batches;
}

/** Its type is null where it does not answer that. */
export async function whoIsIt({
  client,
  session,
  visit,
}: Inquiry): Promise<{ serialNumber: string; type: MeterType | null }> {
  const serialNumber = await client.serialNumber(session);
  visit.answered(serialNumber);
  return { serialNumber, type: await client.type(session) };
}

/** Asks a meter that has just told its number; fails where a request stays without an answer. */
export async function answersOf(
  { client, session }: Inquiry,
  ids: readonly number[],
): Promise<readonly StampedBatch[]> {
  const { batches, failure } = await ask({ client, session, clock: computerClock }, ids, 'responsive');
  if (failure !== undefined) throw failure;
  return batches;
}

export function resultOf(batches: readonly StampedBatch[]): Omit<MeterReadings, 'meter'> {
  const readings = readingsOf({ batches });
  return { readAt: newestOf(readings) ?? computerClock.now(), readings, absent: omittedIn({ batches }) };
}
