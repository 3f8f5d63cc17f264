import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MqttConnection } from '../../../src/mqtt/connection.ts';
import { VALUE_NAMES, ValuesPublisher, valuesJson } from '../../../src/outputs/mqtt/kamstrup-402-topic.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { Observer } from '../../mqtt/support/observer.ts';
import { settingsFor } from '../../mqtt/support/settings.ts';
import { TestBroker } from '../../mqtt/support/test-broker.ts';
import { CollectingLogger } from '../../support/collecting-logger.ts';
import { eventually } from '../../support/eventually.ts';
import { FEW, FLOW_TEMPERATURE, HEAT_ENERGY, METER, PEAK_DATE, reading } from '../support/meter-readings.ts';

const TOPIC = 'kamstrup/values';

let broker: TestBroker;
let connection: MqttConnection;
let observer: Observer;

beforeEach(async () => {
  broker = await new TestBroker().start();
  observer = await Observer.connect(broker.url);
  connection = new MqttConnection({
    settings: settingsFor(broker.url),
    clock: systemClock,
    random: () => 0.5,
    logger: new CollectingLogger(),
  });
  connection.start();
});

afterEach(async () => {
  await connection.stop();
  await observer.end();
  await broker.stop();
});

describe('the topic of kamstrup-402-mqtt', () => {
  it('has the names and the exact numbers that automations know', async () => {
    new ValuesPublisher(connection, TOPIC).readingTaken(METER, [HEAT_ENERGY], FEW);
    await observer.sees(
      TOPIC,
      '{"energy": 227.445, "temp1": 65.20, "volume": 4127.10, "maxpowerdate_y": 260115}',
    );
  });

  it('has what was read before the bridge began anew', async () => {
    new ValuesPublisher(connection, TOPIC).readingTaken(METER, [], [FLOW_TEMPERATURE], new Set(), true);
    await observer.sees(TOPIC, '{"temp1": 65.20}');
  });

  it('is emptied with the meter', async () => {
    const publisher = new ValuesPublisher(connection, TOPIC);
    publisher.readingTaken(METER, FEW, FEW);
    await eventually(() => observer.latest(TOPIC));
    publisher.meterForgotten();
    await eventually(() => observer.latest(TOPIC) === undefined);
  });

  it('says nothing when nothing new was read', async () => {
    const publisher = new ValuesPublisher(connection, TOPIC);
    publisher.readingTaken(METER, [], [HEAT_ENERGY]);
    publisher.readingTaken(METER, [{ ...HEAT_ENERGY, register: null }], [HEAT_ENERGY]);
    publisher.readingTaken(METER, [FLOW_TEMPERATURE], [FLOW_TEMPERATURE]);
    await observer.sees(TOPIC, '{"temp1": 65.20}');
    expect(observer.of(TOPIC)).toHaveLength(1);
  });
});

describe('its content', () => {
  it('has 31 names, each of its own register', () => {
    expect(new Set(VALUE_NAMES.map(([name]) => name)).size).toBe(31);
    expect(new Set(VALUE_NAMES.map(([, register]) => register)).size).toBe(31);
  });

  it('leaves out what is missing, never was, or must not be believed', () => {
    const never = reading({ id: 125, unit: 48, integer: 0n, bytes: 4 });
    const failed = {
      ...FLOW_TEMPERATURE,
      value: { kind: 'unknown', value: null, decimals: 2, cause: 'shorted' } as const,
    };
    expect(valuesJson([never, failed])).toBe('{}');
  });

  it('is JSON also for dates of the first decade', () => {
    const date = { ...PEAK_DATE, value: { kind: 'date', value: '2009-01-15' } as const };
    expect(JSON.parse(valuesJson([date]))).toEqual({ maxpowerdate_y: 90115 });
  });
});
