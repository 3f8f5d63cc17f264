import { modelOfType } from '../meter/meter-type.ts';
import { mainRegisters } from '../meter/register-plan.ts';
import type { RegisterReading } from '../readings/reading.ts';
import { takeReading } from '../readings/take-reading.ts';
import { systemClock } from '../shared/clock.ts';
import { Multical2MqttError } from '../shared/errors.ts';
import { customerNumber } from './customer-number.ts';
import { type OneShot, type OneShotOptions, withMeter } from './one-shot.ts';

export interface MeterDescription {
  readonly serialNumber: string;
  /** The code of GetType; null where the meter does not answer it. */
  readonly type: number | null;
  /** Null where it cannot be told from the code. */
  readonly model: string | null;
  readonly softwareRevision: string | null;
}

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
    const described = await describe(meter);
    const readings: RegisterReading[] = [];
    const absent: number[] = [];
    for await (const batch of meter.client.registers(meter.session, ids, true)) {
      readings.push(...batch.records.map((record) => takeReading(record, systemClock.now())));
      absent.push(...batch.absent, ...batch.silent);
    }
    if (readings.length === 0) {
      const message = `The meter answers, but has none of the registers ${ids.join(', ')}. \`multical2mqtt probe\` shows what it has.`;
      throw new Multical2MqttError('failed', message);
    }
    return { meter: described, readAt: systemClock.now(), readings, absent };
  });
}

export interface IdentifiedMeter extends MeterReadings {
  readonly meter: MeterDescription & { readonly customerNumber: string | null };
}

/** Type, software, serial and customer number, and what the meter says of itself. */
export async function identifyMeter(options: OneShotOptions): Promise<IdentifiedMeter> {
  const result = await readMeter(options, ABOUT);
  return { ...result, meter: { ...result.meter, customerNumber: customerNumber(result.readings) } };
}

export async function describe({ client, session }: OneShot): Promise<MeterDescription> {
  const serialNumber = await client.serialNumber(session);
  const type = await client.type(session);
  return {
    serialNumber,
    type: type?.meterType ?? null,
    model: type === null ? null : modelOfType(type.meterType),
    softwareRevision: type?.softwareRevision ?? null,
  };
}
