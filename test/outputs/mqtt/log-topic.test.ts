import { afterEach, beforeEach, expect, it } from 'vitest';
import { isWithin, type Span } from '../../../src/loggers/written-span.ts';
import { MqttConnection } from '../../../src/mqtt/connection.ts';
import { topicsBelow } from '../../../src/mqtt/topics.ts';
import { LogTopic } from '../../../src/outputs/mqtt/log-topic.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { logged, loggedRow, loggedText, TWO_DAYS } from '../../loggers/support/logged-rows.ts';
import { inStep } from '../../mqtt/support/in-step.ts';
import { Observer } from '../../mqtt/support/observer.ts';
import { settingsFor } from '../../mqtt/support/settings.ts';
import { TestBroker } from '../../mqtt/support/test-broker.ts';
import { CollectingLogger } from '../../support/collecting-logger.ts';
import { eventually } from '../../support/eventually.ts';
import { METER } from '../support/meter-readings.ts';
import { ConfirmingBroker } from './support/confirming-broker.ts';

const GET = 'base/6655443/log/get';
const LOG = 'base/6655443/log';

let broker: TestBroker;
let observer: Observer;
let connection: MqttConnection;
let topic: LogTopic;
let kept = TWO_DAYS;
let asked: readonly (readonly [string, string, Span])[];

beforeEach(async () => {
  broker = await new TestBroker().start();
  observer = await Observer.connect(broker.url);
  const logger = new CollectingLogger();
  const topics = topicsBelow('base');
  connection = new MqttConnection({
    ...{ settings: settingsFor(broker.url), stateTopic: topics.bridgeState },
    ...{ clock: systemClock, random: Math.random, logger },
  });
  kept = TWO_DAYS;
  asked = [];
  topic = new LogTopic({
    connection,
    topics,
    timezoneOf: (name) => (name === METER.name ? 'Europe/Copenhagen' : 'UTC'),
    loggedRows: (serialNumber, logger, span) => {
      asked = [...asked, [serialNumber, logger, span]];
      return kept.filter((row) => isWithin(row, span));
    },
  });
  topic.start();
  connection.start();
  await eventually(() => connection.connected);
});

afterEach(async () => {
  topic.stop();
  await connection.stop();
  await observer.end();
  await broker.stop();
});

/** The answers so far, as whoever listens gets them. */
async function answersTo(...requests: readonly string[]): Promise<readonly string[]> {
  for (const request of requests) await observer.publish(GET, request);
  await eventually(() => observer.of(LOG).length >= requests.length);
  return observer.of(LOG);
}

it('answers with exact rows, with the meter’s time, and with the moment in the zone of the house', async () => {
  topic.meterIdentified(METER);
  const [answer = ''] = await answersTo('{"logger": "day", "from": "2026-01-16", "to": "2026-01-16"}');
  expect(answer).toContain('"heat_energy":{"value":227.445,"unit":"GJ"}');
  expect(answer).toContain('"volume":{"value":4127.10,"unit":"m³"}');
  expect(JSON.parse(answer)).toEqual({
    logger: 'day',
    from: '2026-01-16',
    to: '2026-01-16',
    left_out: 0,
    rows: [
      {
        id: 645,
        meter_time: '2026-01-16T00:00:00',
        ended_at: '2026-01-16T00:00:00.000+01:00',
        values: {
          heat_energy: { value: 227.445, unit: 'GJ' },
          volume: { value: 4127.1, unit: 'm³' },
          mean_flow_temperature_day: { value: null, unit: '' },
        },
      },
    ],
  });
});

it('answers with all days where nothing else is asked for, and says what nobody can date', async () => {
  topic.meterIdentified(METER);
  kept = [
    { ...loggedRow(1, '2014-01-01T00:00:00', [loggedText(127, '2013-12-24')]), endedAt: null },
    ...TWO_DAYS,
  ];
  const [answer = ''] = await answersTo('');
  expect(JSON.parse(answer).rows.map((row: { id: number }) => row.id)).toEqual([1, 644, 645]);
  expect(JSON.parse(answer).rows[0]).toMatchObject({
    ended_at: null,
    values: { max_power_year_date: { value: '2013-12-24' } },
  });
  expect(asked).toEqual([['6655443', 'day', {}]]);
});

it('leaves out the oldest where there are more than some brokers take', async () => {
  topic.meterIdentified(METER);
  const values = [60, 63, 68].map((register) => logged(register, '1.0', 'GJ'));
  kept = Array.from({ length: 900 }, (_, id) => loggedRow(id, '2026-01-16T00:00:00', values));
  const [answer = ''] = await answersTo('{}');
  const { left_out, rows } = JSON.parse(answer);
  expect([left_out + rows.length, rows[0].id, rows.at(-1).id]).toEqual([900, left_out, 899]);
  expect(answer.length).toBeGreaterThan(99_000);
  expect(answer.length).toBeLessThan(101_000);
});

it.each([
  ['{"logger": "week"}', { logger: 'week' }],
  ['{"from": "yesterday"}', { from: 'yesterday' }],
  ['{"to": 5}', { to: 5 }],
])('says how to ask in return for %s', async (request, echoed) => {
  topic.meterIdentified(METER);
  const [answer = ''] = await answersTo(request);
  expect(JSON.parse(answer)).toEqual({
    ...echoed,
    error: expect.stringMatching(/^Ask with JSON such as .*year, month/),
  });
  expect(asked).toEqual([]);
});

it('says nothing to a retained request, nor to one that is far too long, and leaves nothing at the broker', async () => {
  await observer.publish(GET, '{}', true);
  topic.meterIdentified(METER);
  await inStep(connection, observer);
  await observer.publish(GET, 'x'.repeat(1025));
  await inStep(connection, observer);
  expect(observer.of(LOG)).toEqual([]);
  await answersTo('{}');
  const late = await Observer.connect(broker.url);
  await inStep(connection, late);
  expect(late.of(LOG)).toEqual([]);
  await late.end();
});

it('answers one after the other, and not more than anybody can mean', () => {
  const taken = new ConfirmingBroker();
  const loggedRows = (): typeof TWO_DAYS => TWO_DAYS;
  const slow = new LogTopic({
    connection: taken,
    topics: topicsBelow('base'),
    timezoneOf: () => '',
    loggedRows,
  });
  slow.start();
  taken.open();
  slow.meterIdentified(METER);
  const days = (): readonly string[] => taken.sent.map(({ payload }) => JSON.parse(payload).from);
  const asks = (day: number): void => taken.says(`{"from": "2026-01-${day}"}`);
  for (let day = 10; day < 30; day++) asks(day);
  expect(days()).toEqual(['2026-01-10']);
  for (let count = 0; count < 20; count++) taken.confirms();
  expect(days()).toEqual(Array.from({ length: 10 }, (_, index) => `2026-01-${10 + index}`));
  // Nobody of the connection before waits for an answer any more.
  for (const day of [20, 21]) asks(day);
  taken.open();
  asks(22);
  taken.confirms();
  expect(days().slice(10)).toEqual(['2026-01-20', '2026-01-22']);
});

it('is silent for a meter that has left', async () => {
  topic.meterIdentified(METER);
  topic.meterForgotten(METER.serialNumber);
  await observer.publish(GET, '{}');
  await inStep(connection, observer);
  expect([observer.of(LOG), asked]).toEqual([[], []]);
});
