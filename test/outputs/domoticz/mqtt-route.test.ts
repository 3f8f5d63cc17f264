import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MqttConnection } from '../../../src/mqtt/connection.ts';
import { DomoticzOutput } from '../../../src/outputs/domoticz/output.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { inStep } from '../../mqtt/support/in-step.ts';
import { hasMosquitto, Mosquitto } from '../../mqtt/support/mosquitto.ts';
import { ScriptedBroker } from '../../mqtt/support/scripted-broker.ts';
import { settingsFor } from '../../mqtt/support/settings.ts';
import { number, reading } from '../../readings/support/readings.ts';
import { CollectingLogger } from '../../support/collecting-logger.ts';
import { eventually } from '../../support/eventually.ts';
import { METER } from '../support/meter-readings.ts';
import { outputParts } from '../support/output-parts.ts';

const TOPIC = 'domoticz/in';
const DEVICES = [
  { meter: 'House', quantity: 'heat_energy', index: 12, type: 'value' },
  { meter: 'Cabin', quantity: 'heat_energy', index: 13, type: 'counter' },
] as const;
const HOUSE = { ...METER, name: 'House' };
const CABIN = { ...METER, name: 'Cabin', serialNumber: '7' };
const CONNACK_AND_SILENCE = [0x20, 2, 0, 0];

let logger: CollectingLogger;
const cleanups: (() => Promise<void>)[] = [];

beforeEach(() => {
  logger = new CollectingLogger();
});

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function connect(
  url: string,
  password = '',
  protocolVersion: 4 | 5 = 4,
): { connection: MqttConnection; output: DomoticzOutput } {
  const connection = new MqttConnection({
    settings: settingsFor(url, { username: password === '' ? '' : 'heat', password, protocolVersion }),
    clock: systemClock,
    random: Math.random,
    logger,
    reconnectDelay: { first: 50, longest: 200 },
  });
  const access = { username: '', password: '', ca: '', rejectUnauthorized: true };
  const output = new DomoticzOutput(
    { enabled: true, topic: TOPIC, url: '', devices: DEVICES, ...access },
    outputParts({ connection, clock: systemClock, logger }),
  );
  cleanups.push(
    () => connection.stop(),
    () => output.stop(),
  );
  connection.start();
  output.start();
  return { connection, output };
}

function read(output: DomoticzOutput, meter: typeof METER, text: string): void {
  const fresh = [reading(60, number(text), 'MWh')];
  output.readingTaken(meter, fresh, fresh);
}

const message = (idx: number, svalue: string) =>
  `{"command":"udevice","idx":${idx},"nvalue":0,"svalue":"${svalue}"}`;

describe.skipIf(!hasMosquitto())('Domoticz over a real Mosquitto', () => {
  let mosquitto: Mosquitto;

  beforeAll(async () => {
    mosquitto = await new Mosquitto().start();
    mosquitto.allow('heat');
  });

  afterAll(() => mosquitto.remove());

  async function observe() {
    const observer = await mosquitto.observer();
    cleanups.push(() => observer.end());
    return observer;
  }

  it('is told the values of several meters, and the broker keeps none of them', async () => {
    const observer = await observe();
    const { connection, output } = connect(mosquitto.url, mosquitto.password);
    await eventually(() => connection.connected);
    read(output, HOUSE, '60.750');
    read(output, CABIN, '1.5');
    await eventually(() => output.health.delivered === 2);
    await inStep(connection, observer);
    expect(observer.of(TOPIC)).toEqual([message(12, '60.750'), message(13, '1500000')]);
    const late = await observe();
    await inStep(connection, late);
    expect(late.of(TOPIC)).toEqual([]);
    expect(output.health).toMatchObject({ waiting: 0, refused: 0, lost: 0, problem: null });
  });

  it('gets the newest value of each device when the broker is back', async () => {
    const { connection, output } = connect(mosquitto.url, mosquitto.password);
    await eventually(() => connection.connected);
    await mosquitto.stop();
    await eventually(() => !connection.connected);
    const said = logger.all.length;
    read(output, HOUSE, '60.750');
    read(output, CABIN, '1.5');
    await eventually(() => output.health.problem);
    read(output, HOUSE, '60.751');
    read(output, HOUSE, '60.752');
    expect(output.health).toMatchObject({ waiting: 2, delivered: 0, lost: 2 });
    expect(output.health.problem).toMatch(/^The MQTT broker mqtt:/);
    // The connection speaks for itself: nothing is said twice.
    expect(logger.all.slice(said).filter((line) => /Domoticz/.test(line))).toEqual([]);
    // A subscriber that connects before the bridge does.
    const arrived: string[] = [];
    connection.subscribe(TOPIC, (payload) => arrived.push(payload));
    await mosquitto.start();
    await eventually(() => output.health.delivered === 2);
    await inStep(connection, await observe());
    expect(arrived.sort()).toEqual([message(12, '60.752'), message(13, '1500000')]);
    expect(output.health.problem).toBeNull();
    expect(logger.matching(/Domoticz/)).toEqual([]);
  });
});

it.skipIf(!hasMosquitto())('a broker that does not let us send to Domoticz refuses each value', async () => {
  const mosquitto = new Mosquitto();
  mosquitto.rules = ['topic readwrite #', `topic deny ${TOPIC}`];
  cleanups.push(() => mosquitto.remove());
  await mosquitto.start();
  mosquitto.allow('heat');
  // Before version 5 brokers do not say so.
  const { connection, output } = connect(mosquitto.url, mosquitto.password, 5);
  await eventually(() => connection.connected);
  read(output, HOUSE, '60.750');
  read(output, CABIN, '1.5');
  await eventually(() => output.health.refused === 2);
  expect(output.health).toMatchObject({
    waiting: 0,
    delivered: 0,
    problem: expect.stringMatching(/does not let us send it/),
  });
  expect(logger.said('warn')).toEqual([expect.stringMatching(/refuses publishing to domoticz\/in/)]);
});

it('a value that was under way when the connection ended goes out again', async () => {
  const silent = await new ScriptedBroker(CONNACK_AND_SILENCE).start();
  cleanups.push(() => silent.stop());
  const { connection, output } = connect(silent.url);
  await eventually(() => connection.connected);
  read(output, HOUSE, '60.750');
  expect(output.health).toMatchObject({ waiting: 1, delivered: 0 });
  for (const socket of silent.sockets) socket.destroy();
  await eventually(() => !connection.connected);
  await eventually(() => connection.connected);
  await eventually(() => output.health.problem);
  expect(output.health).toMatchObject({ waiting: 1, lost: 0 });
  expect(output.health.problem).toMatch(/connection to the MQTT broker ended before|closed the connection/);
});
