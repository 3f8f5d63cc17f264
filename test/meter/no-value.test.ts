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

describe.each(MODELS_OF('21'))('a MULTICAL 21 that measures no temperature, model %s', (model) => {
  it('has none, says why once, and is well', async () => {
    await read({ meters: [new FixtureMeter('mc21-127-degrees.json').options('21')], model });
    expect(state()).toMatchObject({ water_temperature: null, meter_temperature: null, info: 'no error' });
    expect(entities().water_temperature).toMatchObject({ unit_of_measurement: '°C' });
    expect(home.logger.said('warn')).toEqual([]);
    const said = home.logger.said('info').filter((line) => line.includes('127 °C'));
    expect(said).toEqual([
      'Heating: no value of Water temperature, Meter temperature: the meter sends 127 °C, which stands for none',
    ]);
  });

  it('has its temperature as soon as it measures one', async () => {
    const options = new FixtureMeter('mc21-127-degrees.json').options('21');
    await read({ meters: [options], model });
    home.simulator.meters[0]?.setRegister(292, { unit: 37, length: 1, decimals: 0, source: 12 });
    await home.tick('hourly');
    expect(state().water_temperature).toBe(12);
  });

  it('counts its hours in hours', async () => {
    await read({ meters: [new FixtureMeter('mc21-127-degrees.json').options('21')], model });
    expect(entities().operating_hours).toMatchObject({ device_class: 'duration', unit_of_measurement: 'h' });
  });
});

it('a total that is no value is unknown, and the one before stays the last good one', async () => {
  await read({ meters: [{ model: '21' }] });
  const meter = home.simulator.meters[0];
  const before = state().volume;
  meter?.setRegister(68, { unit: 40, length: 4, decimals: 3, source: 0xffff_ffff });
  for (let reading = 0; reading < 4; reading++) await home.tick('hourly');
  expect(state().volume).toBeNull();
  meter?.setRegister(68, { unit: 40, length: 4, decimals: 3, source: Math.round(Number(before) * 1000) });
  await home.tick('hourly');
  expect(state().volume).toBe(before);
  expect(home.publisher.diagnostics.at(-1)?.doubtfulValues).toBe(0);
});
