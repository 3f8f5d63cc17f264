import { MAY_WANT_PASS_CODE } from '../catalogue/eyes.ts';
import { KNOWN_REGISTER_IDS } from '../catalogue/registers.ts';
import { type MeterType, MOST_REGISTERS } from '../kmp/messages.ts';
import { MeterClient, type WakeUp } from '../link/client.ts';
import { type Addressee, MeterSession } from '../link/session.ts';
import { lineTiming, type Timing } from '../link/timing.ts';
import { readingsOf, type StampedBatch } from '../meter/ask.ts';
import type { MeterConfig } from '../meter/config.ts';
import { identifyModel, modelOf } from '../meter/identification.ts';
import {
  answersOf,
  clarified,
  type IdentifiedMeter,
  type Inquiry,
  identified,
  type MeterReadings,
  resultOf,
  whoIsIt,
} from '../meter/identified-meter.ts';
import { describeMeter, evidenceIn, lookedFor } from '../meter/meter-description.ts';
import { certainModel } from '../outputs/output.ts';
import { newestOf, type Reading, type RegisterReading, UNKNOWN_TRAITS } from '../readings/reading.ts';
import { zeroTotalsStage } from '../readings/zero-totals.ts';
import { Multical2MqttError } from '../shared/errors.ts';
import type { Logger } from '../shared/logger.ts';
import { computerClock } from '../shared/release.ts';
import { channelFactory, isNetworkPort } from '../transport/open.ts';
import type { ConfiguredMeter } from './chosen-meter.ts';
import { MeterVisit } from './meter-visit.ts';
import { aloneAt } from './port-turn.ts';

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
  /** Which meter its owner says that it is. */
  readonly model?: MeterConfig['model'];
  /** The meter as the configuration has it, where it does. */
  readonly configured?: ConfiguredMeter | undefined;
  /** Changes the times of the protocol. */
  readonly retime?: (timing: Timing) => Timing;
  /** Aborted: the meter is left at once, unless whoever has it `endsInOrder`. Error `cancelled`. */
  readonly signal?: AbortSignal;
}

/** A meter for the length of one command. */
export interface OneShot extends Inquiry {
  readonly visit: Pick<MeterVisit, 'counters' | 'tried' | 'answered'>;
}

/** With what it takes to ask it for more than registers. */
interface LentMeter extends OneShot {
  readonly visit: Pick<MeterVisit, 'counters' | 'tried' | 'answered' | 'problem'>;
  readonly addressee: Addressee;
  /** From now on `signal` is heeded by whoever has the meter. */
  readonly endsInOrder: () => void;
}

/**
 * Opens the port, lends the meter to `use`, and closes the port in any case. A bridge that reads the meter makes way
 * meanwhile. Errors as of the channel and session; `port-busy` where another command has it.
 */
export async function withMeter<Result>(
  options: OneShotOptions,
  use: (meter: LentMeter) => Promise<Result>,
): Promise<Result> {
  const {
    port,
    address,
    baudRate,
    timeoutAllowance,
    wakeUp,
    configured,
    logger,
    retime = asIs,
    signal,
  } = options;
  const channel = channelFactory(port, baudRate)();
  const timing = lineTiming({ baudRate, network: isNetworkPort(port), allowance: timeoutAllowance });
  const session = new MeterSession(channel, retime(timing), computerClock, logger);
  const visit = new MeterVisit(configured, address, logger);
  let isLeft = false;
  const leave = (): void => {
    isLeft = true;
    void channel.close();
  };
  const endsInOrder = (): void => signal?.removeEventListener('abort', leave);
  const asked = async (): Promise<Result> => {
    signal?.addEventListener('abort', leave);
    try {
      if (signal?.aborted) throw cancelled();
      visit.onTakenBack(() => void channel.close());
      await channel.open();
      const { counters } = visit;
      const addressee = { destination: address, counters, tried: () => visit.tried() };
      const client = new MeterClient(addressee, wakeUp);
      await client.wake(session);
      return await use({ session, client, visit, addressee, endsInOrder });
    } catch (error) {
      throw isLeft ? cancelled() : visit.reasonFor(error);
    } finally {
      endsInOrder();
      await channel.close();
    }
  };
  await visit.begin(signal);
  try {
    return await aloneAt(port, asked);
  } finally {
    await visit.end();
  }
}

function cancelled(): Multical2MqttError {
  return new Multical2MqttError('cancelled', 'Ended before the meter was read.');
}

function asIs(timing: Timing): Timing {
  return timing;
}

/** As a person wants it: registers, and what counts in the place of a total that the meter does not use. */
interface ShownReadings extends Omit<MeterReadings, 'readings'> {
  readonly readings: readonly Reading[];
  readonly certainModel: string | null;
}

/**
 * One reading of the named registers, as they are, or of what a person would look for on a meter of its family.
 * `tellsModel`: the model is shown with it, so that the meter is asked for what tells it, where it is not clear.
 */
export function readMeter(
  options: OneShotOptions,
  { ids, tellsModel }: { readonly ids: readonly number[] | undefined; readonly tellsModel: boolean },
): Promise<ShownReadings> {
  const { model: configured = 'auto' } = options;
  return withMeter(options, async (meter) => {
    const { serialNumber, type } = await whoIsIt(meter);
    const batches = ids === undefined ? await lookAt(meter, type, configured) : await answersOf(meter, ids);
    if (batches.every(({ records }) => records.length === 0)) {
      const which = ids === undefined ? 'that a person would look for' : ids.join(', ');
      const message = `The meter answers, but has none of the registers ${which}. \`multical2mqtt probe\` shows what it has.${ids === undefined ? ` ${MAY_WANT_PASS_CODE}` : ''}`;
      throw new Multical2MqttError('failed', message);
    }
    const evidence = tellsModel && configured === 'auto' ? await clarified(meter, type, batches) : batches;
    const model = modelOf(identifyModel(evidenceIn(type, evidence), configured));
    const { readings, readAt, absent } = resultOf(batches);
    return {
      meter: describeMeter(serialNumber, type, evidence, configured),
      certainModel: certainModel({ model }),
      readAt,
      readings: ids === undefined ? zeroTotalsStage().interpret(readings, UNKNOWN_TRAITS) : readings,
      absent,
    };
  });
}

/** Reads what a person would look for: what the answers tell of the family decides what else that is. */
async function lookAt(
  meter: OneShot,
  type: MeterType | null,
  model: MeterConfig['model'],
): Promise<readonly StampedBatch[]> {
  let batches: readonly StampedBatch[] = [];
  for (let ids = lookedFor(type, batches, model); ids.length > 0; ids = lookedFor(type, batches, model))
    batches = [...batches, ...(await answersOf(meter, ids))];
  return batches;
}

/** As `identified`, of the meter at a port. */
export function identifyMeter(options: OneShotOptions): Promise<IdentifiedMeter> {
  return withMeter(options, identified);
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
  return withMeter(options, (oneShot) => probe(oneShot, KNOWN_REGISTER_IDS, onProgress, options.model));
}

/** The same for a meter at hand and any registers. */
export async function probe(
  oneShot: OneShot,
  registers: readonly number[],
  onProgress: (progress: ProbeProgress) => void,
  model: MeterConfig['model'] = 'auto',
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
    meter: describeMeter(serialNumber, type, batches, model),
    readAt: newestOf(readings) ?? computerClock.now(),
    readings,
    absent: batches.flatMap((batch) => batch.absent),
    silent: batches.flatMap((batch) => batch.silent),
  };
}
