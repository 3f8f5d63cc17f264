import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Observer } from '../../mqtt/support/observer.ts';
import { eventually } from '../../support/eventually.ts';
import { DIAGNOSTICS, FEW, HEAT_ENERGY, METER, PEAK_DATE, reading } from '../support/meter-readings.ts';
import { asHomeAssistant } from './support/as-home-assistant.ts';
import { BRIDGE_TOPIC, METER_TOPIC, PublishingHome } from './support/publishing-home.ts';

let home: PublishingHome;

beforeEach(async () => {
  home = await new PublishingHome().start();
});

afterEach(() => home.stop());

describe('discovery', () => {
  it('announces the bridge, then the meter with its first reading', async () => {
    await home.connected();
    await eventually(() => home.observer.latest(BRIDGE_TOPIC));
    home.publisher.meterIdentified(METER);
    home.publisher.readingTaken(METER, [], []);
    await home.scanned();
    expect(home.observer.latest(METER_TOPIC)).toBeUndefined();
    home.publisher.readingTaken(METER, FEW, FEW);
    const payload = asHomeAssistant(await eventually(() => home.observer.latest(METER_TOPIC)));
    expect(payload.components).toHaveProperty('heat_energy');
    expect(payload.origin).toEqual({
      name: 'multical2mqtt',
      sw_version: '1.2.3',
    });
    const late = await Observer.connect(home.broker.url);
    await eventually(() => late.latest(METER_TOPIC));
    expect(late.messages.every(({ retained }) => retained)).toBe(true);
    await late.end();
  });

  it('waits for the broker, however long it is away', async () => {
    home.publisher.start();
    home.publisher.announceBridge();
    home.publisher.meterIdentified(METER);
    home.publisher.readingTaken(METER, FEW, FEW);
    await home.clock.advance(100_000);
    home.connection.start();
    await eventually(() => home.connection.connected);
    await home.quiet();
    expect(home.observer.latest(METER_TOPIC)).toBeUndefined();
    await home.scanned();
    await eventually(() => home.observer.latest(METER_TOPIC) && home.observer.latest(BRIDGE_TOPIC));
  });

  it('publishes nothing while nothing changes', async () => {
    await home.connected();
    home.publisher.meterIdentified(METER);
    home.publisher.meterIdentified(METER);
    home.publisher.availabilityChanged(METER, true);
    home.publisher.diagnosticsChanged(METER, DIAGNOSTICS);
    await home.scanned();
    for (let hour = 0; hour < 3; hour++) {
      home.publisher.readingTaken(METER, FEW, FEW);
      await home.clock.advance(3_600_000);
    }
    await home.quiet();
    expect(home.keySets()).toHaveLength(1);
  });

  it('leads from each device to the page, as soon as it is known where that is', async () => {
    await home.connected();
    home.publisher.meterIdentified(METER);
    home.publisher.readingTaken(METER, FEW, FEW);
    await home.scanned();
    const linkOf = (topic: string) =>
      asHomeAssistant(home.observer.latest(topic) ?? '{}').device?.configuration_url;
    await eventually(() => home.observer.latest(METER_TOPIC) && home.observer.latest(BRIDGE_TOPIC));
    expect([METER_TOPIC, BRIDGE_TOPIC].map(linkOf)).toEqual([undefined, undefined]);

    home.appearance = { language: 'en', page: 'http://192.168.1.7:8099' };
    home.publisher.appearanceChanged();
    await home.clock.advance(5_000);
    await eventually(() => linkOf(METER_TOPIC) && linkOf(BRIDGE_TOPIC));
    expect([METER_TOPIC, BRIDGE_TOPIC].map(linkOf)).toEqual(Array(2).fill('http://192.168.1.7:8099'));
  });

  it('never sends two payloads of a device within five seconds', async () => {
    await home.connected();
    home.publisher.meterIdentified(METER);
    await home.scanned();
    home.publisher.readingTaken(METER, [], [HEAT_ENERGY]);
    home.publisher.readingTaken(METER, [], [HEAT_ENERGY, PEAK_DATE]);
    home.publisher.readingTaken(METER, [], FEW);
    await home.clock.advance(4_900);
    await home.quiet();
    expect(home.keySets()).toEqual([['heat_energy']]);
    await home.clock.advance(100);
    await eventually(() => home.keySets().length === 2);
    expect(home.keySets()[1]).toHaveLength(FEW.length);
  });

  it('publishes again when the meter shows another unit or other decimals', async () => {
    await home.connected();
    home.publisher.meterIdentified(METER);
    await home.scanned();
    home.publisher.readingTaken(METER, [], [HEAT_ENERGY]);
    await home.clock.advance(5_000);
    home.publisher.readingTaken(METER, [], [reading({ id: 60, unit: 3, integer: 1n, signExponent: 0x42 })]);
    await eventually(() => home.observer.of(METER_TOPIC).length === 2);
    expect(asHomeAssistant(home.observer.latest(METER_TOPIC) ?? '').components.heat_energy).toMatchObject({
      unit_of_measurement: 'MWh',
      suggested_display_precision: 2,
    });
  });

  it('ignores readings of a meter that it was not told of', async () => {
    await home.connected();
    home.publisher.readingTaken(METER, FEW, FEW);
    await home.clock.advance(10_000);
    await home.quiet();
    expect(home.observer.latest(METER_TOPIC)).toBeUndefined();
  });
});

describe('a quantity that is gone', () => {
  it('is first reduced to its platform, then left out', async () => {
    await home.connected();
    home.publisher.meterIdentified(METER);
    await home.scanned();
    home.publisher.readingTaken(METER, [], [HEAT_ENERGY, PEAK_DATE]);
    await home.clock.advance(5_000);
    home.publisher.readingTaken(METER, [], [HEAT_ENERGY]);
    await eventually(() => home.keySets().length === 2);
    await home.clock.advance(5_000);
    await eventually(() => home.keySets().length === 3);
    await home.clock.advance(60_000);
    await home.quiet();
    expect(home.keySets()).toEqual([
      ['heat_energy', 'max_power_year_date'],
      ['heat_energy', 'max_power_year_date: removed'],
      ['heat_energy'],
    ]);
  });

  it('is removed also when it is from an earlier run', async () => {
    await home.connected();
    home.publisher.meterIdentified(METER);
    await home.scanned();
    home.publisher.readingTaken(METER, [], [HEAT_ENERGY, PEAK_DATE]);
    await eventually(() => home.keySets().length === 1);
    await home.restart();
    home.publisher.meterIdentified(METER);
    home.publisher.readingTaken(METER, [], [HEAT_ENERGY]);
    await home.connected();
    await eventually(() => home.keySets().length === 2);
    await home.clock.advance(5_000);
    await eventually(() => home.keySets().length === 3);
    expect(home.keySets().slice(1)).toEqual([
      ['heat_energy', 'max_power_year_date: removed'],
      ['heat_energy'],
    ]);
  });

  it('that comes back meanwhile stays', async () => {
    await home.connected();
    home.publisher.meterIdentified(METER);
    await home.scanned();
    home.publisher.readingTaken(METER, [], [HEAT_ENERGY, PEAK_DATE]);
    await home.clock.advance(5_000);
    home.publisher.readingTaken(METER, [], [HEAT_ENERGY]);
    home.publisher.readingTaken(METER, [], [HEAT_ENERGY, PEAK_DATE]);
    await home.clock.advance(5_000);
    await eventually(() => home.keySets().length === 3);
    expect(home.keySets()[2]).toEqual(['heat_energy', 'max_power_year_date']);
  });
});
