import { describe, expect, it } from 'vitest';
import type { MeterKind } from '../../../src/catalogue/family.ts';
import { topicsBelow } from '../../../src/mqtt/topics.ts';
import { meterDiscovery } from '../../../src/outputs/home-assistant/devices.ts';
import type { Component } from '../../../src/outputs/home-assistant/discovery.ts';
import { METER, reading } from '../support/meter-readings.ts';

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
});
