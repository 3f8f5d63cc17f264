import { beforeEach, expect, it } from 'vitest';
import { topicsBelow } from '../../../src/mqtt/topics.ts';
import { EventPublisher } from '../../../src/outputs/mqtt/event-topic.ts';
import type { MeterEvent } from '../../../src/readings/meter-event.ts';
import { localTime } from '../../../src/shared/zoned-time.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { METER, READ_AT } from '../support/meter-readings.ts';
import { ConfirmingBroker } from './support/confirming-broker.ts';

const MINUTE = 60_000;
const STATUS = 'homeassistant/status';

const LEAK: MeterEvent = {
  kind: 'problem-began',
  problem: 'leakage',
  info: 'leak',
  code: '1073741824',
  readAt: READ_AT,
};
const ENDED: MeterEvent = { ...LEAK, kind: 'problem-ended', info: 'no error', code: '0' };

let clock: FakeClock;
let broker: ConfirmingBroker;
let publisher: EventPublisher;

beforeEach(() => {
  clock = new FakeClock();
  broker = new ConfirmingBroker();
  publisher = new EventPublisher({
    connection: broker,
    topics: topicsBelow('base'),
    clock,
    statusTopic: STATUS,
  });
  publisher.start();
});

const typesAt = ({ sent }: ConfirmingBroker): readonly string[] =>
  sent.map(({ payload }) => JSON.parse(payload).event_type);

/** The broker is there, and so is everybody else. */
async function settled(): Promise<void> {
  broker.open();
  await clock.advance(MINUTE);
}

it('tells what happened, with all that an automation needs', async () => {
  await settled();
  publisher.happened(METER, LEAK);
  expect(broker.sent[0]?.topic).toBe('base/6655443/event');
  expect(JSON.parse(broker.sent[0]?.payload ?? '')).toEqual({
    event_type: 'problem_began',
    problem: 'leakage',
    info: 'leak',
    code: 1_073_741_824,
    read_at: localTime(READ_AT),
  });
  broker.confirms();
  publisher.happened(METER, { kind: 'clock-set', by: -61, readAt: READ_AT });
  broker.confirms();
  publisher.happened(METER, { kind: 'meter-swapped', old: '1', new: '2', readAt: 0 });
  expect(broker.sent.slice(1).map(({ payload }) => JSON.parse(payload))).toEqual([
    { event_type: 'clock_set', seconds: -61, read_at: expect.any(String) },
    { event_type: 'meter_swapped', old_serial_number: '1', new_serial_number: '2', read_at: null },
  ]);
});

it('keeps a code that is too long for a number of JSON', async () => {
  await settled();
  publisher.happened(METER, { ...LEAK, code: '18446744073709551615' });
  expect(JSON.parse(broker.sent[0]?.payload ?? '').code).toBe('18446744073709551615');
});

it('waits for the broker, and then for those who listen', async () => {
  publisher.happened(METER, LEAK);
  publisher.happened(METER, ENDED);
  await clock.advance(10 * MINUTE);
  expect(typesAt(broker)).toEqual([]);
  broker.open();
  await clock.advance(MINUTE - 1);
  expect(typesAt(broker)).toEqual([]);
  await clock.advance(1);
  expect(typesAt(broker)).toEqual(['problem_began']);
  broker.confirms();
  expect(typesAt(broker)).toEqual(['problem_began', 'problem_ended']);
});

it('goes by Home Assistant, where it tells that it has started', async () => {
  broker.open();
  publisher.happened(METER, LEAK);
  broker.says('offline');
  broker.says('online', true);
  expect(broker.filter).toBe(STATUS);
  await clock.advance(20_000);
  broker.says('online');
  await clock.advance(9_999);
  expect(typesAt(broker)).toEqual([]);
  await clock.advance(1);
  expect(typesAt(broker)).toEqual(['problem_began']);
});

it('sends again what the broker did not confirm', async () => {
  await settled();
  publisher.happened(METER, LEAK);
  broker.close();
  publisher.happened(METER, ENDED);
  await settled();
  expect(typesAt(broker)).toEqual(['problem_began', 'problem_began']);
  broker.confirms();
  broker.confirms();
  expect(typesAt(broker)).toEqual(['problem_began', 'problem_began', 'problem_ended']);
});

it('goes on after one that the broker refuses', async () => {
  await settled();
  publisher.happened(METER, LEAK);
  publisher.happened(METER, ENDED);
  broker.confirms(new Error('not authorized'));
  expect(typesAt(broker)).toEqual(['problem_began', 'problem_ended']);
});

it('keeps the newest hundred, and none of a meter that has left', async () => {
  for (let seconds = 0; seconds < 101; seconds++)
    publisher.happened(METER, { kind: 'clock-set', by: seconds, readAt: READ_AT });
  publisher.happened({ ...METER, serialNumber: '2' }, LEAK);
  publisher.meterForgotten('2');
  await settled();
  for (let event = 0; event < 101; event++) broker.confirms();
  expect(broker.sent.map(({ payload }) => JSON.parse(payload).seconds).at(0)).toBe(2);
  expect(broker.sent).toHaveLength(99);
});

it('leaves no timer', async () => {
  broker.open();
  publisher.stop();
  expect(clock.pendingTimers).toBe(0);
});
