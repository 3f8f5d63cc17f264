import { afterEach, describe, expect, it } from 'vitest';
import type { MeterModelName } from '../../src/catalogue/family.ts';
import { topicsBelow } from '../../src/mqtt/topics.ts';
import { meterDiscovery } from '../../src/outputs/home-assistant/devices.ts';
import type { Component } from '../../src/outputs/home-assistant/discovery.ts';
import { stateJson } from '../../src/readings/reading.ts';
import { FixtureMeter } from '../support/fixture-meter.ts';
import { PolledLine, type PolledLineOptions } from '../support/polled-line.ts';

let home: PolledLine;

afterEach(() => home.stop());

/** With and without "model" in its configuration. */
const MODELS_OF = (model: MeterModelName): readonly (MeterModelName | 'auto')[] => [model, 'auto'];

async function read(options: PolledLineOptions): Promise<void> {
  home = new PolledLine(options);
  await home.firstReading();
  // Until it is believed that the registers which it leaves out are not there.
  for (let reading = 0; reading < 4; reading++) await home.tick('hourly');
}

function state(): Record<string, unknown> {
  return JSON.parse(stateJson(home.publisher.readings.at(-1)?.latest ?? [], 0));
}

function entities(): Readonly<Record<string, Component>> {
  const { meter, latest } = home.publisher.readings.at(-1) ?? {};
  if (meter === undefined || latest === undefined) throw new Error('nothing was published');
  return meterDiscovery(meter, latest, topicsBelow('base'), { name: 'test', sw_version: '1' }).components;
}

describe.each(MODELS_OF('flowiq-22xx'))('a flowIQ 22xx with two bytes of info code, model %s', (model) => {
  const fixture = new FixtureMeter('flowiq-22xx-two-bytes.json');

  /** 0x0070 and the like. */
  async function withCode(code: number): Promise<void> {
    const options = fixture.options('flowiq-22xx');
    const registers = { ...options.registers, 99: { unit: 51, length: 2, decimals: 0, source: code } };
    await read({ meters: [{ ...options, registers }], model });
  }

  it('has no problem where only durations are set', async () => {
    await read({ meters: [fixture.options('flowiq-22xx')], model });
    const { info, ...all } = state();
    expect(info).toBe('no error');
    const problems = Object.entries(all).filter(([quantity]) => quantity.startsWith('problem_'));
    expect(Object.fromEntries(problems)).toEqual({
      problem_dry: false,
      problem_flow_direction: false,
      problem_leakage: false,
      problem_burst: false,
    });
    expect(all).toMatchObject({ dry_duration: 505, leak_duration: 0, burst_duration: 0 });
    expect(home.logger.said('warn')).toEqual([]);
  });

  it('tells a leak, and that it has been there for more than 24 hours', async () => {
    await withCode(0x0c04);
    expect(state()).toMatchObject({ info: 'leak', problem_leakage: true, leak_duration: 25 });
    expect(entities().leak_duration).toMatchObject({
      device_class: 'duration',
      unit_of_measurement: 'h',
      state_class: 'measurement',
      entity_category: 'diagnostic',
    });
    expect(entities()).not.toHaveProperty('problem_tampering');
  });
});

describe.each(MODELS_OF('flowiq-22xx'))('a flowIQ 22xx with four bytes of info code, model %s', (model) => {
  it('has flags in all of them, and an unknown one is told as that', async () => {
    const registers = { 99: { unit: 51, length: 4, decimals: 0, source: 0x870 } };
    await read({ meters: [{ model: 'flowiq-22xx', registers }], model });
    expect(state()).toMatchObject({
      info: 'unknown info bit 2048; attempted tampering; low battery; low ambient temperature',
      problem_low_battery: true,
    });
    expect(state()).not.toHaveProperty('dry_duration');
  });
});

describe.each(MODELS_OF('303'))('a 303 whose code is what its display shows, model %s', (model) => {
  it('is understood where it can be no bits, and is no wrong word where it may be', async () => {
    const options = new FixtureMeter('303-display-digits.json').options('303');
    await read({ meters: [options], model });
    const { info, problem_flow_direction } = state();
    if (model === 'auto') expect(info).toMatch(/^info code 4000/);
    else expect([info, problem_flow_direction]).toEqual(['wrong flow direction', true]);
  });
});
