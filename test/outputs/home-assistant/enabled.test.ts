import { afterEach, describe, expect, it } from 'vitest';
import type { MeterIdentity } from '../../../src/meter/publisher.ts';
import { topicsBelow } from '../../../src/mqtt/topics.ts';
import { meterDiscovery } from '../../../src/outputs/home-assistant/devices.ts';
import { type Component, discoveryTopics } from '../../../src/outputs/home-assistant/discovery.ts';
import { asHeld, heldDevice } from '../../../src/outputs/home-assistant/held-discovery.ts';
import type { Reading } from '../../../src/readings/reading.ts';
import type { ModelName } from '../../../src/simulator/models/models.ts';
import { PolledLine } from '../../support/polled-line.ts';
import { HEAT_ENERGY, METER, reading } from '../support/meter-readings.ts';

const ORIGIN = { name: 'multical2mqtt', sw_version: '1.2.3' };
/** A device page with more of them hides what matters. */
const MOST_DIAGNOSTICS = 12;

const discovery = (meter: MeterIdentity, latest: readonly Reading[]) =>
  meterDiscovery(meter, latest, topicsBelow('base'), ORIGIN);
const isEnabled = (component: Component | undefined) =>
  component !== undefined && component.enabled_by_default !== false;
const enabledOf = (meter: MeterIdentity, latest: readonly Reading[]) =>
  Object.entries(discovery(meter, latest).components)
    .filter(([, each]) => isEnabled(each))
    .map(([key]) => key);

describe('of a simulated meter', () => {
  let home: PolledLine | undefined;

  afterEach(() => home?.stop());

  const announced = async (model: ModelName) => {
    home = new PolledLine({ meters: [{ model }] });
    await home.firstReading();
    const { meter, latest } = home.publisher.readings.at(-1) ?? {};
    if (meter === undefined || latest === undefined) throw new Error('no reading');
    return discovery(meter, latest).components;
  };

  it.each([
    ['403', ['battery_ratio', 'readings_today']],
    ['601', ['battery_ratio', 'readings_today']],
    ['flowiq-21xx', ['battery_ratio', 'readings_today']],
    ['kwm2231', ['battery_ratio', 'readings_today']],
    ['omnipower', []],
    ['382', []],
  ] as const)('a %s shows what people look at', async (model, battery) => {
    const components = await announced(model);
    const shown = Object.entries(components).filter(
      ([, each]) => isEnabled(each) && each.entity_category === 'diagnostic',
    );
    const keys = shown.map(([key]) => key);
    expect(keys.length).toBeLessThanOrEqual(MOST_DIAGNOSTICS);
    expect(keys.filter((key) => /battery|today/.test(key)).toSorted()).toEqual(battery);
    expect(keys).toEqual(expect.arrayContaining(['connectivity', 'last_error']));
    expect(keys).toEqual(expect.not.arrayContaining(['info_code', 'info_bits', 'last_successful_reading']));
    // Whatever can complain has the one entity that says so, and what is urgent beside it.
    const single = Object.keys(components).filter((key) => key.startsWith('problem_'));
    if ('info' in components) expect(keys).toEqual(expect.arrayContaining(['info', 'problem']));
    expect(keys.filter((key) => key.startsWith('problem_')).toSorted()).toEqual(
      single.filter((key) => /_(burst|leakage)$/.test(key)).toSorted(),
    );
  });
});

describe('cooling energy', () => {
  const cooling = (integer: bigint) => reading({ id: 63, unit: 8, integer });
  const isShown = (latest: readonly Reading[]) => enabledOf(METER, latest).includes('cooling_energy');

  it('waits disabled where only heat was ever counted', () => {
    expect(isShown([HEAT_ENERGY, cooling(0n)])).toBe(false);
    expect(isShown([HEAT_ENERGY, cooling(1n)])).toBe(true);
  });

  it('is shown of a new meter, which may be one for cooling', () => {
    expect(isShown([reading({ id: 60, unit: 8, integer: 0n }), cooling(0n)])).toBe(true);
    expect(isShown([cooling(0n)])).toBe(true);
  });
});

it('battery figures are not shown of a meter on mains', () => {
  const battery = enabledOf(METER, [HEAT_ENERGY]).filter((key) => /battery|today/.test(key));
  expect(battery).toEqual(['battery_ratio', 'readings_today']);
  const onMains = enabledOf({ ...METER, mainsPowered: true }, [HEAT_ENERGY]);
  expect(onMains.filter((key) => battery.includes(key))).toEqual([]);
});

it('when the meter was last read is an attribute, which writes no line into the activity list', () => {
  const { connectivity } = discovery(METER, [HEAT_ENERGY]).components;
  expect(connectivity?.json_attributes_topic).toBe('base/6655443/diagnostics');
  expect(connectivity?.json_attributes_template).toContain('last_successful_reading');
});

it('what was announced as enabled stays so, and what was not may become it', () => {
  const before = discovery(METER, [HEAT_ENERGY]);
  const topics = discoveryTopics('homeassistant', 'multical2mqtt_6655443');
  const { failed_readings, connectivity } = before.components;
  const components = {
    failed_readings: { ...failed_readings, enabled_by_default: undefined },
    connectivity: { ...connectivity, enabled_by_default: false },
  };
  const held = new Map([[topics.device, JSON.stringify({ ...before, components })]]);
  const now = asHeld(before, heldDevice(held, topics)).components;
  expect(isEnabled(failed_readings)).toBe(false);
  expect(isEnabled(now.failed_readings)).toBe(true);
  expect(isEnabled(now.connectivity)).toBe(true);
  expect(isEnabled(now.checksum_errors)).toBe(false);
});
