import { describe, expect, it } from 'vitest';
import type { MeterKind } from '../../../src/catalogue/family.ts';
import { topicsBelow } from '../../../src/mqtt/topics.ts';
import { meterDiscovery } from '../../../src/outputs/home-assistant/devices.ts';
import { type Component, TEMPLATES, type Templates } from '../../../src/outputs/home-assistant/discovery.ts';
import type { HeldDevice } from '../../../src/outputs/home-assistant/held-discovery.ts';
import type { Reading } from '../../../src/readings/reading.ts';
import { FEW, HEAT_ENERGY, METER, reading } from '../support/meter-readings.ts';

const [GJ, KW, CELSIUS, KELVIN, CUBIC_METRES, LITRES_AN_HOUR] = [8, 22, 37, 38, 40, 41];
/** Three digits after the point, as no meter has for all of them. */
const THREE = 0x43;
const shown = (id: number, unit: number, kind: MeterKind = 'heat'): Component => {
  const latest = [reading({ id, unit, integer: 65_123n, signExponent: THREE })];
  const origin = { name: 'multical2mqtt', sw_version: '1' };
  const { components } = meterDiscovery({ ...METER, kind }, latest, topicsBelow('base'), origin);
  return components[latest[0]?.quantity ?? ''] as Component;
};

describe('how an entity looks', () => {
  it.each([
    [60, GJ, 3],
    [68, CUBIC_METRES, 3],
    [86, CELSIUS, 1],
    [89, KELVIN, 1],
    [80, KW, 1],
    [74, LITRES_AN_HOUR, 0],
  ] as const)('register %i in unit %i has %i digits after the point', (id, unit, digits) => {
    expect(shown(id, unit).suggested_display_precision).toBe(digits);
  });

  it('an electricity meter shows of what the house draws all that it has', () => {
    expect(shown(1023, KW, 'electricity').suggested_display_precision).toBe(3);
  });

  it('has its own icon where the one of the class is of electricity or of a car', () => {
    expect(shown(60, GJ).icon).toBe('mdi:fire');
    expect(shown(63, GJ).icon).toBe('mdi:snowflake');
    expect(shown(68, CUBIC_METRES).icon).toBe('mdi:water');
    // The lightning of the class is right here.
    expect(shown(1, 2)).not.toHaveProperty('icon');
    expect(shown(1023, KW)).not.toHaveProperty('icon');
  });

  it('has none where Domoticz would guess from it what a sensor is, also where it had one in the other form', () => {
    const origin = { name: 'multical2mqtt', sw_version: '1' };
    const announced = (latest: readonly Reading[], templates: Templates, held?: HeldDevice) =>
      meterDiscovery(METER, latest, topicsBelow('base'), origin, templates, held, 'anything').components;
    const before = announced(FEW, TEMPLATES.device);
    expect(before).toMatchObject({ volume: { icon: 'mdi:water' }, read_now: { icon: 'mdi:refresh' } });
    const held = {
      device: {},
      components: new Map(Object.entries(before).map(([key, each]) => [key, { ...each }])),
    };
    const after = Object.values(announced([HEAT_ENERGY], TEMPLATES.component, held));
    expect(after.map(({ unique_id }) => unique_id)).toContain('multical2mqtt_6655443_volume');
    expect(after.filter((each) => 'icon' in each)).toEqual([]);
  });
});

describe('the type number on the page of a meter', () => {
  const text = (id: number, value: string): Reading => ({
    ...reading({ id, unit: 54, integer: 0n }),
    value: { kind: 'text', value },
  });
  const modelId = (...latest: readonly Reading[]) =>
    meterDiscovery(METER, latest, topicsBelow('base'), { name: 'x', sw_version: '1' }).device.model_id;

  it('is what the meter tells, and the whole of it', () => {
    expect(modelId(text(254, '603C219R0115  '))).toBe('603C219R0115');
    expect(modelId(text(1058, '070422JA83'), text(1126, '070422JA83486'))).toBe('070422JA83486');
  });

  it('is left out where the meter tells none', () => {
    expect(modelId()).toBeUndefined();
    expect(modelId(text(254, '   '), text(404, 'something else'))).toBeUndefined();
  });
});
