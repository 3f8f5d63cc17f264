import { expect, it } from 'vitest';
import type { Refusal } from '../../src/mqtt/refusal.ts';
import { Refusals } from '../../src/mqtt/refusals.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';

function refusalOf(topic: string): Refusal {
  return { act: 'publish', topic, words: `refuses publishing to ${topic}.`, shorterMayPass: false };
}

it('one rule that is missing fills no log, and another broker is told of by itself', () => {
  const logger = new CollectingLogger();
  const refusals = new Refusals(logger);
  for (const broker of ['mqtt://one:1883', 'mqtt://two:1883', 'mqtt://one:1883']) {
    refusals.at(broker);
    for (let entity = 0; entity < 100; entity++) refusals.refused(refusalOf(`homeassistant/${entity}`));
    expect(refusals.problem).toContain('homeassistant/0');
  }
  const told = logger.said('warn');
  expect(told).toHaveLength(6);
  expect(told.filter((line) => line.includes('mqtt://two:1883'))).toHaveLength(3);
  expect(told[2]).toMatch(/homeassistant\/2\. The page names all others/);
});
