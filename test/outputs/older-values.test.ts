import { beforeEach, describe, expect, it } from 'vitest';
import { topicsBelow } from '../../src/mqtt/topics.ts';
import { MqttPublisher } from '../../src/outputs/mqtt/state-publisher.ts';
import type { Reading } from '../../src/readings/reading.ts';
import { UNKNOWN_MOMENT } from '../../src/shared/credible-clock.ts';
import { FakeClock } from '../support/fake-clock.ts';
import {
  FLOW_TEMPERATURE,
  HEAT_ENERGY,
  METER,
  PEAK_DATE,
  READ_AT,
  VOLUME,
} from './support/meter-readings.ts';
import { NEW_PRESENCE } from './support/new-presence.ts';
import { StepByStepBroker } from './support/step-by-step-broker.ts';

const OLDER = `base/${METER.serialNumber}/older`;
const HOUR = 3_600_000;

let clock: FakeClock;
let broker: StepByStepBroker;
let publisher: MqttPublisher;

function start(held?: ReadonlyMap<string, string>): void {
  clock = new FakeClock();
  broker = new StepByStepBroker(clock, held);
  const topics = topicsBelow('base');
  publisher = new MqttPublisher({
    connection: broker.connection,
    topics,
    clock,
    memory: NEW_PRESENCE,
    requestReading: () => {},
  });
  publisher.meterIdentified(METER);
}

beforeEach(() => start());

const sent = (): readonly string[] =>
  broker.messages.filter(({ topic }) => topic === OLDER).map(({ payload }) => payload);
const latest = (): Readonly<Record<string, string | null>> => JSON.parse(sent().at(-1) ?? 'null');
const at = (reading: Reading, readAt: number): Reading => ({ ...reading, readAt });

async function read(
  fresh: readonly Reading[],
  others: readonly Reading[],
  awaited?: 'anything',
): Promise<void> {
  publisher.readingTaken(METER, fresh, [...fresh, ...others], awaited);
  await clock.advance(2_000);
}

describe('the age of a value', () => {
  it('is no time where nobody knows it, because the clock was not set', async () => {
    await read([HEAT_ENERGY], [at(PEAK_DATE, UNKNOWN_MOMENT), at(VOLUME, READ_AT - 8 * HOUR)]);
    expect(latest()).toMatchObject({ max_power_year_date: null, volume: expect.stringMatching(/^2026-/) });
  });

  it('is told of what the newest reading did not bring, however long that reading took', async () => {
    await read([HEAT_ENERGY, at(VOLUME, READ_AT - 72_000)], [at(PEAK_DATE, READ_AT - 8 * HOUR)]);
    expect(Object.keys(latest())).toEqual(['max_power_year_date']);
    expect(Date.parse(latest().max_power_year_date ?? '')).toBe(READ_AT - 8 * HOUR);
  });

  it('costs a message only when it changes: with the details, and with the first reading after them', async () => {
    const details = [PEAK_DATE, VOLUME];
    for (let hour = 1; hour <= 5; hour++) await read([at(HEAT_ENERGY, READ_AT + hour * HOUR)], details);
    expect(sent()).toHaveLength(1);
    const later = READ_AT + 5.5 * HOUR;
    await read(
      details.map((each) => at(each, later)),
      [at(HEAT_ENERGY, READ_AT + 5 * HOUR)],
    );
    expect(Object.keys(latest())).toEqual(['heat_energy']);
    await read(
      [at(HEAT_ENERGY, READ_AT + 6 * HOUR)],
      details.map((each) => at(each, later)),
    );
    expect(Object.keys(latest())).toEqual(['max_power_year_date', 'volume']);
    expect(sent()).toHaveLength(3);
  });

  it('is told of a value from the future as well: the clock was set back', async () => {
    await read([HEAT_ENERGY], [at(VOLUME, READ_AT + 400 * 24 * HOUR)]);
    expect(Object.keys(latest())).toEqual(['volume']);
  });

  it('is not known of what was found at the broker after a lost memory', async () => {
    start(
      new Map([[`base/${METER.serialNumber}/state`, '{"volume":520.41,"power":4.0,"read_at":"2026-01-01"}']]),
    );
    await read([HEAT_ENERGY], [], 'anything');
    expect(latest()).toEqual({ volume: null });
  });

  it('is none where there is no value', async () => {
    const value = {
      kind: 'unknown',
      value: null,
      decimals: 2,
      cause: 'It was measured too long ago.',
    } as const;
    await read([HEAT_ENERGY], [{ ...at(FLOW_TEMPERATURE, READ_AT - 8 * HOUR), value }]);
    expect(latest()).toEqual({});
  });

  it('goes with the meter', async () => {
    await read([HEAT_ENERGY], [at(VOLUME, READ_AT - HOUR)]);
    publisher.meterForgotten(METER.serialNumber);
    await clock.advance(1_000);
    expect(sent().at(-1)).toBe('');
  });
});
