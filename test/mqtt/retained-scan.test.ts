import { expect, it, onTestFinished } from 'vitest';
import { MqttConnection } from '../../src/mqtt/connection.ts';
import { RetainedScan } from '../../src/mqtt/retained-scan.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { inStep } from './support/in-step.ts';
import { Observer } from './support/observer.ts';
import { settingsFor } from './support/settings.ts';
import { TestBroker } from './support/test-broker.ts';

/** Of a state that an earlier run left; the broker does not answer who wants to listen, until `answer` is called. */
async function unansweredScan() {
  const broker = await new TestBroker().start();
  onTestFinished(() => broker.stop());
  const observer = await Observer.connect(broker.url);
  onTestFinished(() => observer.end());
  await observer.publish('base/1/state', '{}', true);
  const clock = new FakeClock();
  const connection = new MqttConnection({
    settings: settingsFor(broker.url),
    clock,
    random: () => 0,
    logger: new CollectingLogger(),
  });
  onTestFinished(() => connection.stop());
  const seen: string[] = [];
  const scan = new RetainedScan(connection, clock, ['base/1/state'], {
    started: () => seen.push('started'),
    received: (_topic, payload) => seen.push(payload),
    complete: () => seen.push('complete'),
  });
  onTestFinished(() => scan.stop());
  const answer = broker.holdSubscriptions('base/1/state');
  scan.start();
  connection.start();
  await eventually(() => seen.length > 0);
  return { observer, connection, clock, seen, answer };
}

it('what a broker holds is waited for until it has begun to hand it out', async () => {
  const { observer, connection, clock, seen, answer } = await unansweredScan();
  await clock.advance(60_000);
  expect(seen).toEqual(['started']);
  answer();
  await eventually(() => seen.length > 1);
  await inStep(connection, observer);
  await clock.advance(999);
  expect(seen).toEqual(['started', '{}']);
  await clock.advance(1_001);
  expect(seen).toEqual(['started', '{}', 'complete']);
});

it('a broker that never begins to hand anything out is not waited for for ever', async () => {
  const { clock, seen, answer } = await unansweredScan();
  onTestFinished(answer);
  await clock.advance(299_000);
  expect(seen).toEqual(['started']);
  await clock.advance(2_000);
  expect(seen).toEqual(['started', 'complete']);
});
