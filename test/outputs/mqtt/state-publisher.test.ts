import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Awaited } from '../../../src/meter/publisher.ts';
import { MqttConnection } from '../../../src/mqtt/connection.ts';
import { topicsBelow } from '../../../src/mqtt/topics.ts';
import { MqttPublisher } from '../../../src/outputs/mqtt/state-publisher.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { inStep } from '../../mqtt/support/in-step.ts';
import { Observer } from '../../mqtt/support/observer.ts';
import { settingsFor } from '../../mqtt/support/settings.ts';
import { TestBroker } from '../../mqtt/support/test-broker.ts';
import { CollectingLogger } from '../../support/collecting-logger.ts';
import { eventually } from '../../support/eventually.ts';
import { DIAGNOSTICS, FEW, HEAT_ENERGY, METER, READ_AT } from '../support/meter-readings.ts';
import { NEW_PRESENCE } from '../support/new-presence.ts';

let broker: TestBroker;
let observer: Observer;
let connection: MqttConnection;
let publisher: MqttPublisher;
let asked: string[];
/** What is done once nobody announces the meter any more; undefined: nobody announces any. */
let afterwards: Array<() => void> | undefined;

beforeEach(async () => {
  broker = await new TestBroker().start();
  observer = await Observer.connect(broker.url);
  const logger = new CollectingLogger();
  const topics = topicsBelow('base');
  asked = [];
  afterwards = undefined;
  connection = new MqttConnection({
    settings: settingsFor(broker.url),
    stateTopic: topics.bridgeState,
    clock: systemClock,
    random: Math.random,
    logger,
  });
  publisher = new MqttPublisher({
    connection,
    topics,
    clock: systemClock,
    memory: NEW_PRESENCE,
    requestReading: (serial) => asked.push(serial),
    onceTakenBack: (_, action) => (afterwards === undefined ? action() : afterwards.push(action)),
  });
});

afterEach(async () => {
  publisher.stop();
  await connection.stop();
  await observer.end();
  await broker.stop();
});

it('publishes availability, state and diagnostics of a meter', async () => {
  connection.start();
  publisher.meterIdentified(METER);
  publisher.readingTaken(METER, [], []);
  publisher.readingTaken(METER, FEW, FEW);
  publisher.availabilityChanged(METER, true);
  publisher.diagnosticsChanged(METER, DIAGNOSTICS);
  await observer.sees('base/6655443/availability', 'online');
  const state = await eventually(() => observer.latest('base/6655443/state'));
  expect(state).toContain('"flow_temperature":65.20,');
  const diagnostics = await eventually(() => observer.latest('base/6655443/diagnostics'));
  const { last_successful_reading, ...rest } = JSON.parse(diagnostics);
  expect(Date.parse(last_successful_reading)).toBe(READ_AT);
  expect(rest).toEqual({
    readings: 12,
    failed_readings: 2,
    retries: 3,
    checksum_errors: 4,
    discarded_bytes: 5,
    timeouts: 6,
    wake_ups: 7,
    transactions: 8,
    bytes_sent: 900,
    bytes_received: 1000,
    doubtful_values: 1,
    last_error: null,
    last_reading_duration: 1.235,
    today: { readings: 9, transactions: 10, wake_ups: 9, bytes: 950, seconds_awake: 15.4 },
    last_7_days: { readings: 175, transactions: 200, wake_ups: 176, bytes: 19_000, seconds_awake: 300 },
    battery_ratio: 1.04,
    readings_left_today: null,
  });
  publisher.availabilityChanged(METER, false);
  await observer.sees('base/6655443/availability', 'offline');
  publisher.diagnosticsChanged(METER, {
    ...DIAGNOSTICS,
    lastSuccessfulReading: null,
    lastReadingDuration: null,
  });
  const sparse = await eventually(() => observer.of('base/6655443/diagnostics').at(1));
  expect(JSON.parse(sparse)).toMatchObject({ last_successful_reading: null, last_reading_duration: null });
});

it('publishes what was read before the bridge began anew, which may not have left yet', async () => {
  connection.start();
  publisher.meterIdentified(METER);
  publisher.readingTaken(METER, [], FEW, new Set(), true);
  const state = await eventually(() => observer.latest('base/6655443/state'));
  expect(state).toContain('"flow_temperature":65.20,');
});

it('asks for a reading when told so, but not by a retained message, nor by one that is far too long', async () => {
  await observer.publish('base/6655443/read', 'from long ago', true);
  publisher.meterIdentified(METER);
  publisher.meterIdentified(METER);
  connection.start();
  await eventually(() => connection.connected);
  await inStep(connection, observer);
  expect(asked).toEqual([]);
  await observer.publish('base/6655443/read', 'x'.repeat(1025));
  await observer.publish('base/6655443/read', '');
  await eventually(() => asked.length > 0);
  expect(asked).toEqual(['6655443']);
});

it('takes back everything of a meter that has left', async () => {
  connection.start();
  publisher.meterIdentified(METER);
  publisher.readingTaken(METER, FEW, FEW);
  publisher.availabilityChanged(METER, true);
  publisher.diagnosticsChanged(METER, DIAGNOSTICS);
  await eventually(() => observer.latest('base/6655443/diagnostics'));
  publisher.meterForgotten(METER.serialNumber);
  publisher.meterForgotten('1111111');
  const topics = ['availability', 'state', 'diagnostics'].map((name) => `base/6655443/${name}`);
  await eventually(() => topics.every((topic) => observer.of(topic).at(-1) === ''));
  await observer.publish('base/6655443/read', 'READ');
  await inStep(connection, observer);
  expect(asked).toEqual([]);
});

it('empties the state of a meter that has left only when nobody announces it any more', async () => {
  afterwards = [];
  connection.start();
  publisher.meterIdentified(METER);
  publisher.readingTaken(METER, FEW, FEW);
  await eventually(() => observer.latest('base/6655443/state'));
  publisher.meterForgotten(METER.serialNumber);
  await inStep(connection, observer);
  expect(observer.latest('base/6655443/state')).toBeDefined();
  for (const action of afterwards) action();
  await eventually(() => observer.of('base/6655443/state').at(-1) === '');
});

describe('a state that the broker holds from an earlier run', () => {
  const STATE = 'base/6655443/state';

  async function publishedBeside(held: string, awaited: Awaited): Promise<string> {
    await observer.publish(STATE, held, true);
    connection.start();
    publisher.meterIdentified(METER);
    publisher.readingTaken(METER, [HEAT_ENERGY], [HEAT_ENERGY], awaited);
    await eventually(() => observer.of(STATE).length > 1);
    return observer.latest(STATE) ?? '';
  }

  it('keeps each digit of what was not read again', async () => {
    const held =
      '{"heat_energy":1.500,"mass":510.010,"max_flow_year":12,"customer_number_low":12345678901234567890,"max_flow_year_date":"2026-01-02","read_at":"2026-01-01T00:00:00+00:00"}';
    const state = await publishedBeside(held, 'anything');
    expect(state).toMatch(
      /^{"mass":510.010,"max_flow_year":12,"customer_number_low":12345678901234567890,"max_flow_year_date":"2026-01-02","heat_energy":227\.445,"read_at":"[^"]*"}$/,
    );
  });

  it('does not go on with what may be otherwise by now', async () => {
    const held =
      '{"power":4.0,"heat_energy_day":0.120,"heat_energy_fine":1.5001,"info":"a \\"b\\"","mass":1}';
    const state = JSON.parse(await publishedBeside(held, 'anything'));
    expect(state).toMatchObject({
      power: null,
      heat_energy_day: null,
      heat_energy_fine: null,
      info: null,
      mass: 1,
    });
  });

  it('loses what is not awaited, and what is no quantity', async () => {
    const held = '{"mass":510.010,"volume":1.0,"of_old":3,"read_at":"2026-01-01T00:00:00+00:00"}';
    const state = JSON.parse(await publishedBeside(held, new Set(['volume'])));
    expect(Object.keys(state)).toEqual(['volume', 'heat_energy', 'read_at']);
  });

  it.each(['no JSON', '[1]', '{"mass":{"volume":3}}', '{"mass":1,'])('may be anything: %s', async (held) => {
    const state = JSON.parse(await publishedBeside(held, 'anything'));
    expect(Object.keys(state)).toEqual(['heat_energy', 'read_at']);
  });
});
