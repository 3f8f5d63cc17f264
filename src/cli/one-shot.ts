import { OFTEN_LOOKED_FOR, PROFILES, SELF_DESCRIPTION, sharedProfile } from '../catalogue/families.ts';
import type { MeterKind } from '../catalogue/family.ts';
import { R } from '../catalogue/register.ts';
import { KNOWN_REGISTER_IDS } from '../catalogue/registers.ts';
import { type MeterType, MOST_REGISTERS } from '../kmp/messages.ts';
import { MeterClient, type WakeUp } from '../link/client.ts';
import { MeterSession, newCounters } from '../link/session.ts';
import { lineTiming, type Timing } from '../link/timing.ts';
import { ask, omittedIn, readingsOf, type StampedBatch } from '../meter/ask.ts';
import {
  type Certainty,
  distinguishingRegisters,
  evidenceOf,
  identifyModel,
  type MeterEvidence,
  measuredLengths,
  modelOf,
  softwareRevision,
} from '../meter/identification.ts';
import { mainRegisters } from '../meter/register-plan.ts';
import { certainModel } from '../outputs/output.ts';
import { newestOf, type Reading, type RegisterReading, readingValueText } from '../readings/reading.ts';
import { Multical2MqttError } from '../shared/errors.ts';
import type { Logger } from '../shared/logger.ts';
import { computerClock } from '../shared/release.ts';
import { channelFactory, isNetworkPort } from '../transport/open.ts';

export interface MeterDescription {
  readonly serialNumber: string;
  /** The code of GetType; null where the meter does not answer it. */
  readonly type: number | null;
  /** For people; null where nothing that it answered tells. */
  readonly model: string | null;
  readonly certainty: Certainty;
  /** The evidence for the model. */
  readonly why: string;
  /** Null where it cannot be told. */
  readonly kind: MeterKind | null;
  readonly softwareRevision: string | null;
  /** Advice on its eye: several where the families that it may be of differ, none where too many do. */
  readonly eye: readonly string[];
}

export interface OneShotOptions {
  /** A path, `COM3` or `tcp://host:port`. */
  readonly port: string;
  /** KMP destination address. */
  readonly address: number;
  readonly baudRate: number;
  /** Milliseconds on top of the protocol's timeouts; null: what fits the port. */
  readonly timeoutAllowance: number | null;
  readonly logger: Logger;
  readonly wakeUp: WakeUp;
  /** Changes the times of the protocol. */
  readonly retime?: (timing: Timing) => Timing;
}

/** A meter for the length of one command. */
interface OneShot {
  readonly client: MeterClient;
  readonly session: MeterSession;
}

/** Opens the port, lends the meter to `use`, and closes the port in any case. Errors as of the channel and session. */
export async function withMeter<Result>(
  { port, address, baudRate, timeoutAllowance, wakeUp, logger, retime = (timing) => timing }: OneShotOptions,
  use: (meter: OneShot) => Promise<Result>,
): Promise<Result> {
  const channel = channelFactory(port, baudRate)();
  const timing = lineTiming({ baudRate, network: isNetworkPort(port), allowance: timeoutAllowance });
  const session = new MeterSession(channel, retime(timing), computerClock, logger);
  await channel.open();
  try {
    const client = new MeterClient({ destination: address, counters: newCounters() }, wakeUp);
    await client.wake(session);
    return await use({ session, client });
  } finally {
    await channel.close();
  }
}

export interface MeterReadings {
  readonly meter: MeterDescription;
  /** When the last reply was complete: milliseconds since 1970. */
  readonly readAt: number;
  readonly readings: readonly RegisterReading[];
  /** Asked for and not there. */
  readonly absent: readonly number[];
}

/** `read` shows these when nothing is named: the main registers, and others that a person would look for. */
const NAMED = [...mainRegisters({ present: new Set(), absent: new Set() }), ...OFTEN_LOOKED_FOR];

/** One reading of the named registers, or of those that a person would look for. */
export function readMeter(
  options: OneShotOptions,
  ids: readonly number[] = NAMED,
): Promise<MeterReadings & { readonly certainModel: string | null }> {
  return withMeter(options, async (meter) => {
    const { serialNumber, type } = await whoIsIt(meter);
    const batches = await answersOf(meter, ids);
    if (batches.every(({ records }) => records.length === 0)) {
      const message = `The meter answers, but has none of the registers ${ids.join(', ')}. \`multical2mqtt probe\` shows what it has.`;
      throw new Multical2MqttError('failed', message);
    }
    const model = modelOf(identifyModel(evidenceIn(type, batches)));
    return {
      meter: describeMeter(serialNumber, type, batches),
      certainModel: certainModel({ model }),
      ...resultOf(batches),
    };
  });
}

export interface IdentifiedMeter extends MeterReadings {
  readonly meter: MeterDescription & { readonly customerNumber: string | null };
}

/**
 * Type, software, serial and customer number, and what the meter says of itself. Where that does not tell its model,
 * one request more, or two, for the few registers that tell families apart.
 */
export function identifyMeter(options: OneShotOptions): Promise<IdentifiedMeter> {
  return withMeter(options, async (meter) => {
    const { serialNumber, type } = await whoIsIt(meter);
    const selfDescription = await answersOf(meter, SELF_DESCRIPTION);
    const { readings, readAt, absent } = resultOf(selfDescription);
    let batches = selfDescription;
    for (let ids = distinguishingRegisters(evidenceIn(type, batches)); ids.length > 0; ) {
      batches = [...batches, ...(await answersOf(meter, ids))];
      ids = distinguishingRegisters(evidenceIn(type, batches));
    }
    const described = describeMeter(serialNumber, type, batches);
    return { meter: { ...described, customerNumber: customerNumber(readings) }, readAt, readings, absent };
  });
}

async function whoIsIt({
  client,
  session,
}: OneShot): Promise<{ serialNumber: string; type: MeterType | null }> {
  return { serialNumber: await client.serialNumber(session), type: await client.type(session) };
}

/** Asks a meter that has just told its number; fails where a request stays without an answer. */
async function answersOf(
  { client, session }: OneShot,
  ids: readonly number[],
): Promise<readonly StampedBatch[]> {
  const { batches, failure } = await ask({ client, session, clock: computerClock }, ids, 'responsive');
  if (failure !== undefined) throw failure;
  return batches;
}

function resultOf(batches: readonly StampedBatch[]): Omit<MeterReadings, 'meter'> {
  const readings = readingsOf({ batches });
  return { readAt: newestOf(readings) ?? computerClock.now(), readings, absent: omittedIn({ batches }) };
}

/** `silent`: registers on which the meter did not answer at all, not even without them. */
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
  const batches: StampedBatch[] = [];
  const readings: RegisterReading[] = [];
  const total = registers.length;
  for (let asked = 0; asked < total; asked += MOST_REGISTERS) {
    const ids = registers.slice(asked, asked + MOST_REGISTERS);
    const answers = await answersOf(oneShot, ids);
    batches.push(...answers);
    readings.push(...readingsOf({ batches: answers }));
    onProgress({ asked: asked + ids.length, total, found: readings.length });
  }
  return {
    meter: describeMeter(serialNumber, type, batches),
    readAt: newestOf(readings) ?? computerClock.now(),
    readings,
    absent: batches.flatMap((batch) => batch.absent),
    silent: batches.flatMap((batch) => batch.silent),
  };
}

const DIGITS_PER_REGISTER = 8;

/** The utility's number of the customer: one register on newer meters, two halves on others. Null where there is none. */
export function customerNumber(readings: readonly Reading[]): string | null {
  const textOf = (id: number): string | null => {
    const reading = readings.find(({ register }) => register === id);
    return reading === undefined ? null : readingValueText(reading.value);
  };
  const [whole, first, last] = [
    textOf(R.customerNumber),
    textOf(R.customerNumberHigh),
    textOf(R.customerNumberLow),
  ];
  if (whole !== null && whole !== '') return whole;
  if (last === null) return first;
  return first === null || first === '0' ? last : `${first}${last.padStart(DIGITS_PER_REGISTER, '0')}`;
}

const MOST_ADVICE = 2;

/** Describes a meter by its type and by the registers that it answered and left out. */
export function describeMeter(
  serialNumber: string,
  type: MeterType | null,
  batches: readonly StampedBatch[] = [],
): MeterDescription {
  const evidence = evidenceIn(type, batches);
  const { models, certainty, name, why } = identifyModel(evidence);
  const { kind } = sharedProfile(models);
  const advice = [...new Set(models.map((model) => PROFILES[model].eye.advice))];
  return {
    serialNumber,
    type: type?.meterType ?? null,
    model: name,
    certainty,
    why,
    kind: kind ?? null,
    softwareRevision: softwareRevision(type, evidence),
    eye: advice.length <= MOST_ADVICE ? advice : [],
  };
}

function evidenceIn(type: MeterType | null, batches: readonly StampedBatch[]): MeterEvidence {
  const records = batches.flatMap((batch) => batch.records);
  const present = new Set(records.map(({ id }) => id));
  const absent = new Set(batches.flatMap((batch) => batch.absent));
  const lengths = new Map(measuredLengths(records));
  return evidenceOf({ type, present, absent }, readingsOf({ batches }), lengths);
}
