import { expect } from 'vitest';
import { topicsBelow } from '../../../../src/mqtt/topics.ts';
import { meterDiscovery } from '../../../../src/outputs/home-assistant/devices.ts';
import type { DiscoveryForm } from '../../../../src/outputs/home-assistant/discovery.ts';
import { FEW, METER } from '../../support/meter-readings.ts';
import { DiscoveredEntities } from './discovered-entities.ts';
import { METER_TOPIC, type PublishingHome } from './publishing-home.ts';

const MARKER = '{"migrate_discovery":true}';
const KEYS = Object.keys(
  meterDiscovery(METER, FEW, topicsBelow('multical2mqtt'), { name: 'x', sw_version: '1' }).components,
);

/** What becomes of the entities of a home's meter, by the messages at its broker. */
export class WatchedEntities {
  private readonly home: PublishingHome;

  constructor(home: PublishingHome) {
    this.home = home;
  }

  get keys(): readonly string[] {
    return KEYS;
  }

  /** The bursts from the message `from` on; a burst of the single form has to have every entity of the meter. */
  bursts(from = 0): readonly string[] {
    const texts = this.home
      .ofMeter()
      .slice(from)
      .map(({ topic, payload }) => {
        const what = { '': 'emptied', [MARKER]: 'let go' }[payload] ?? 'announced';
        return `${topic === METER_TOPIC ? 'device' : 'components'} ${what}`;
      });
    const starts = texts.flatMap((text, at) => (text === texts[at - 1] ? [] : [at]));
    return starts.map((start, index) => {
      const length = (starts[index + 1] ?? texts.length) - start;
      const whole = texts[start]?.startsWith('device') ? 1 : KEYS.length;
      return length === whole ? `${texts[start]}` : `${texts[start]}: ${length} of ${whole}`;
    });
  }

  /** What Home Assistant has, if it heard everything so far. */
  heard(): DiscoveredEntities {
    const heard = new DiscoveredEntities();
    for (const { topic, payload } of this.home.ofMeter()) heard.hear(topic, payload);
    return heard;
  }

  /** All entities belong to the wanted form, none was lost on the way, and the broker holds nothing else. */
  expectMoved(form: DiscoveryForm): void {
    const { owners, lost } = this.heard();
    expect(lost).toEqual([]);
    expect([...owners.keys()].sort()).toEqual([...KEYS].sort());
    for (const owner of owners.values()) expect(owner === METER_TOPIC).toBe(form === 'device');
    const held = new Map(this.home.ofMeter().map(({ topic, payload }) => [topic, payload]));
    const left = [...held].filter(([, payload]) => payload !== '').map(([topic]) => topic);
    expect(left.sort()).toEqual([...new Set(owners.values())].sort());
  }
}
