import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DiscoveryForm } from '../../../src/outputs/home-assistant/discovery.ts';
import { eventually } from '../../support/eventually.ts';
import { METER } from '../support/meter-readings.ts';
import { KnownPrefixes } from './support/known-prefixes.ts';
import { PublishingHome } from './support/publishing-home.ts';

const MARKER = '{"migrate_discovery":true}';
const DEVICES = ['multical2mqtt_6655443', 'multical2mqtt_bridge'];

let home: PublishingHome;

beforeEach(async () => {
  home = await new PublishingHome().start();
});

afterEach(() => home.stop());

/** Topics that hold something below the prefix. */
function held(prefix: string): readonly string[] {
  const topics = new Set(home.observer.messages.map(({ topic }) => topic));
  return [...topics].filter(
    (topic) => topic.startsWith(`${prefix}/`) && topic.endsWith('/config') && home.observer.latest(topic),
  );
}

async function moved(prefix: string, form: DiscoveryForm = 'device'): Promise<void> {
  home.prefix = prefix;
  await home.run(form);
  await pass(20_000);
}

/** In steps that a slow broker keeps up with: what it still hands out must not come after the time that it has for that. */
async function pass(duration: number): Promise<void> {
  const step = 500;
  for (let passed = 0; passed < duration; passed += step) {
    await home.quiet();
    await home.clock.advance(step);
  }
  await home.quiet();
}

/** However many bursts it takes: a slow broker answers after some of them. */
async function emptied(prefix: string): Promise<void> {
  await eventually(async () => {
    await pass(500);
    return held(prefix).length === 0;
  });
}

describe('after another prefix', () => {
  it.each<DiscoveryForm>([
    'device',
    'component',
  ])('the old one is let go of, then emptied, by %s', async (form) => {
    await moved('homeassistant', form);
    const before = held('homeassistant');
    expect(before.length).toBeGreaterThanOrEqual(2);
    await moved('home/elsewhere', form);
    await emptied('homeassistant');
    expect(held('home/elsewhere')).toHaveLength(before.length);
    for (const topic of before) expect(home.observer.of(topic).slice(-2)).toEqual([MARKER, '']);
    for (const device of DEVICES) expect(home.prefixes.prefixesOf(device)).toEqual(['home/elsewhere']);
  });

  it('and back, both ways', async () => {
    await moved('homeassistant');
    await moved('home/elsewhere');
    await moved('homeassistant');
    await emptied('home/elsewhere');
    expect(held('homeassistant')).toHaveLength(2);
  });

  it('nothing goes before the new one is there', async () => {
    await moved('homeassistant');
    home.prefix = 'elsewhere';
    await home.restart();
    home.publisher.meterIdentified(METER);
    await home.connected();
    for (let step = 0; step < 4; step++) await home.nextBurst();
    // Of the meter no value is known yet.
    expect(held('homeassistant')).toEqual(['homeassistant/device/multical2mqtt_6655443/config']);
    expect(home.prefixes.prefixesOf('multical2mqtt_6655443')).toEqual(['homeassistant']);
  });

  it('goes on where a run ended before the old one was emptied', async () => {
    await moved('homeassistant');
    home.prefix = 'elsewhere';
    await home.run('device');
    await home.nextBurst();
    await home.clock.advance(1_000);
    await eventually(() => home.observer.messages.some(({ payload }) => payload === MARKER));
    await moved('elsewhere');
    await emptied('homeassistant');
    expect(held('elsewhere')).toHaveLength(2);
  });

  it('a meter that left the configuration goes below both', async () => {
    await moved('homeassistant');
    home.prefix = 'elsewhere';
    await home.restart();
    home.publisher.meterForgotten(METER.serialNumber);
    await home.connected();
    await eventually(() => !held('homeassistant').some((topic) => topic.includes(METER.serialNumber)));
    await eventually(() => home.prefixes.prefixesOf('multical2mqtt_6655443') === undefined);
  });
});

describe('after another prefix, and with the memory lost', () => {
  it('the old one is searched for, where nothing is announced yet', async () => {
    await moved('homeassistant');
    home.prefixes = new KnownPrefixes();
    await moved('elsewhere');
    await emptied('homeassistant');
    expect(held('elsewhere')).toHaveLength(2);
  });

  it('what another bridge announces, below another base topic, stays', async () => {
    home.baseTopic = 'upstairs';
    await moved('homeassistant');
    home.prefixes = new KnownPrefixes();
    home.baseTopic = 'multical2mqtt';
    await moved('elsewhere');
    expect(held('homeassistant')).toContain('homeassistant/device/multical2mqtt_6655443/config');
    expect(held('elsewhere')).toHaveLength(2);
  });
});
