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

it('what a broker holds is waited for until it has begun to hand it out', async () => {
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
