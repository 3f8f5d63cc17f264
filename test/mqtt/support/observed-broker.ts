import { afterEach, beforeEach } from 'vitest';
import { Observer } from './observer.ts';
import { TestBroker } from './test-broker.ts';

/** A broker and what a user sees of it. */
export interface ObservedBroker {
  broker: TestBroker;
  observer: Observer;
}

/** New ones for each test of the file that calls this. */
export function observedBroker(): ObservedBroker {
  const home = {} as ObservedBroker;
  beforeEach(async () => {
    home.broker = await new TestBroker().start();
    home.observer = await Observer.connect(home.broker.url);
  });
  afterEach(async () => {
    await home.observer.end();
    await home.broker.stop();
  });
  return home;
}
