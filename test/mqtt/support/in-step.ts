import type { MqttConnection } from '../../../src/mqtt/connection.ts';
import { eventually } from '../../support/eventually.ts';
import type { Observer } from './observer.ts';

let marks = 0;

/**
 * Comes back when all that either has sent so far has reached the other, retained messages and subscriptions included:
 * brokers hand on what one client sends in the order in which it came.
 */
export async function inStep(connection: MqttConnection, observer: Observer): Promise<void> {
  const there = `mark/${++marks}`;
  const back = `${there}/back`;
  let arrived = false;
  await observer.publish(there, 'mark', true);
  const end = connection.subscribe(there, () => {
    arrived = true;
  });
  await eventually(() => arrived);
  end();
  connection.publish(back, 'mark');
  await observer.sees(back, 'mark');
}
