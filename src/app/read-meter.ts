import { tellingProbe } from '../meter/identification.ts';
import type { MeterType, RegisterBatch } from '../meter/meter-client.ts';
import { mainRegisters } from '../meter/register-plan.ts';
import type { RegisterReading } from '../readings/reading.ts';
import { takeReading } from '../readings/take-reading.ts';
import { systemClock } from '../shared/clock.ts';
import { Multical2MqttError } from '../shared/errors.ts';
import { customerNumber } from './customer-number.ts';
import { describeMeter, evidenceOf, type MeterDescription } from './meter-description.ts';
import { type OneShot, type OneShotOptions, withMeter } from './one-shot.ts';

export interface MeterReadings {
  readonly meter: MeterDescription;
  /** Milliseconds since 1970. */
  readonly readAt: number;
  readonly readings: readonly RegisterReading[];
  /** Asked for and not there. */
  readonly absent: readonly number[];
}

/** What the meter says about itself, by register: editions, type texts, configuration, customer, hours, info. */
const ABOUT = [1005, 254, 640, 404, 112, 1010, 347, 152, 153, 168, 228, 368, 1004, 99, 369, 154];
/** What `read` shows when nothing is named: the main registers, and what else a person would look for. */
const NAMED = [
  ...mainRegisters({ present: new Set(), absent: new Set() }),
  63,
  1004,
  1002,
  1003,
  97,
  110,
  369,
];

/** One reading of the named registers, or of those that a person would look for. */
export function readMeter(options: OneShotOptions, ids: readonly number[] = NAMED): Promise<MeterReadings> {
  return withMeter(options, async (meter) => {
    const { serialNumber, type } = await whoIsIt(meter);
    const batches = await ask(meter, ids);
    if (batches.every(({ records }) => records.length === 0)) {
      const message = `The meter answers, but has none of the registers ${ids.join(', ')}. \`multical2mqtt probe\` shows what it has.`;
      throw new Multical2MqttError('failed', message);
    }
    return { meter: describeMeter(serialNumber, type, batches), ...readingsOf(batches) };
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
    const said = await ask(meter, ABOUT);
    const { readings, readAt, absent } = readingsOf(said);
    let batches = said;
    for (let ids = tellingProbe(evidenceOf(type, batches)); ids.length > 0; ) {
      batches = [...batches, ...(await ask(meter, ids))];
      ids = tellingProbe(evidenceOf(type, batches));
    }
    const described = describeMeter(serialNumber, type, batches);
    return { meter: { ...described, customerNumber: customerNumber(readings) }, readAt, readings, absent };
  });
}

export async function whoIsIt({
  client,
  session,
}: OneShot): Promise<{ serialNumber: string; type: MeterType | null }> {
  return { serialNumber: await client.serialNumber(session), type: await client.type(session) };
}

async function ask({ client, session }: OneShot, ids: readonly number[]): Promise<RegisterBatch[]> {
  const batches: RegisterBatch[] = [];
  for await (const batch of client.registers(session, ids, true)) batches.push(batch);
  return batches;
}

function readingsOf(batches: readonly RegisterBatch[]): Omit<MeterReadings, 'meter'> {
  const readAt = systemClock.now();
  return {
    readAt,
    readings: batches.flatMap(({ records }) => records.map((record) => takeReading(record, readAt))),
    absent: batches.flatMap(({ absent, silent }) => [...absent, ...silent]),
  };
}
