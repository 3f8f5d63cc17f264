import { afterEach, describe, expect, it } from 'vitest';
import { FixtureMeter } from '../support/fixture-meter.ts';
import type { PolledLine } from '../support/polled-line.ts';
import { entitiesOf, learned, MODELS_OF, stateOf } from './support/learned-meter.ts';

let home: PolledLine;

afterEach(() => home.stop());

describe.each(MODELS_OF('21'))('a MULTICAL 21 that measures no temperature, model %s', (model) => {
  it('has none, says why once, and is well', async () => {
    home = await learned({ meters: [new FixtureMeter('mc21-127-degrees.json').options('21')], model });
    expect(stateOf(home)).toMatchObject({
      water_temperature: null,
      meter_temperature: null,
      info: 'no error',
    });
    expect(entitiesOf(home).water_temperature).toMatchObject({ unit_of_measurement: '°C' });
    expect(home.logger.said('warn')).toEqual([]);
    const said = home.logger.said('info').filter((line) => line.includes('127 °C'));
    expect(said).toEqual([
      'Heating: no value of Water temperature, Meter temperature: the meter sends 127 °C, which stands for none',
    ]);
  });

  it('has its temperature as soon as it measures one', async () => {
    const options = new FixtureMeter('mc21-127-degrees.json').options('21');
    home = await learned({ meters: [options], model });
    home.simulator.meters[0]?.setRegister(292, { unit: 37, length: 1, decimals: 0, source: 12 });
    await home.tick('hourly');
    expect(stateOf(home).water_temperature).toBe(12);
  });

  it('counts its hours in hours', async () => {
    home = await learned({ meters: [new FixtureMeter('mc21-127-degrees.json').options('21')], model });
    expect(entitiesOf(home).operating_hours).toMatchObject({
      device_class: 'duration',
      unit_of_measurement: 'h',
    });
  });
});

it('a total that is no value is unknown, and the one before stays the last good one', async () => {
  home = await learned({ meters: [{ model: '21' }] });
  const meter = home.simulator.meters[0];
  const before = stateOf(home).volume;
  meter?.setRegister(68, { unit: 40, length: 4, decimals: 3, source: 0xffff_ffff });
  for (let reading = 0; reading < 4; reading++) await home.tick('hourly');
  expect(stateOf(home).volume).toBeNull();
  meter?.setRegister(68, { unit: 40, length: 4, decimals: 3, source: Math.round(Number(before) * 1000) });
  await home.tick('hourly');
  expect(stateOf(home).volume).toBe(before);
  expect(home.publisher.diagnostics.at(-1)?.doubtfulValues).toBe(0);
});
