import { describe, expect, it } from 'vitest';
import { load, loadFile, METER, problemsInMeter, problemsOf } from './support/loading.ts';

const unitsIn = (units: unknown) => loadFile({ meters: [{ ...METER, units }] }).config.meters[0]?.units;

describe('the units to publish in', () => {
  it.each([
    [{ heat_energy: 'kWh' }, { heat_energy: 'kWh' }],
    [
      { volume: 'm3', flow: 'L/h' },
      { volume: 'm³', flow: 'l/h' },
    ],
    [{}, {}],
    ['', {}],
  ])('%j are %j', (written, expected) => {
    expect(unitsIn(written)).toEqual(expected);
  });

  it('from the environment take the place of those in the file', () => {
    const { config } = loadFile(
      { meters: [{ ...METER, units: { heat_energy: 'MWh', volume: 'l' } }] },
      { environment: { METER_UNITS: 'heat_energy=kWh' } },
    );
    expect(config.meters[0]?.units).toEqual({ heat_energy: 'kWh' });
  });

  it.each(['horse', 'KWH', '°C', 7, null])('cannot be %j', (unit) => {
    expect(problemsInMeter({ units: { heat_energy: unit } })).toEqual([
      expect.stringMatching(
        /^meters\[0\]\.units: the unit of "heat_energy" must be one of J, kJ, .* m³\/h, not /,
      ),
    ]);
  });

  it.each(['kWh', 7, null, ['kWh'], [['heat_energy', 'kWh', 'x']]])('must be an object, not %j', (units) => {
    expect(problemsInMeter({ units })).toEqual([
      expect.stringMatching(
        /^meters\[0\]\.units: must name a unit for each quantity, such as {"heat_energy": "kWh"}/,
      ),
    ]);
  });

  it('are for quantities that there are, with every fault named', () => {
    const meters = [
      { ...METER, units: { heat_enery: 'kWh', nothing_like_it: 'l', register_9999: 'kWh', flow: 'x' } },
    ];
    expect(problemsOf(() => loadFile({ meters }))).toEqual([
      expect.stringMatching(
        /"heat_enery" is no quantity; did you mean "heat_energy"\?; "nothing_like_it" is no quantity; docs\/topics.md names them; the unit of "flow" must be/,
      ),
    ]);
  });

  it('named in the environment without a unit are a fault of the variable', () => {
    const environment = { METER_PORT: 'COM3', METER_UNITS: 'heat_energy' };
    expect(problemsOf(() => load({ environment }))).toEqual([
      expect.stringContaining('meters[0].units (METER_UNITS): must name a unit for each quantity'),
    ]);
  });
});

describe('the price', () => {
  it.each([0, 0.85, 650])('may be %j', (price) => {
    const { config } = loadFile({ meters: [{ ...METER, price, currency: 'DKK' }] });
    expect(config.meters[0]).toMatchObject({ price, currency: 'DKK' });
  });

  it('may not be below zero, nor a text, and its currency is one of the world', () => {
    for (const price of [-1, '0,85', null])
      expect(problemsInMeter({ price })).toEqual([
        expect.stringMatching(/^meters\[0\]\.price: must be what a unit of the meter's main total costs/),
      ]);
    for (const currency of ['kr.', 'eur', 'ZZZ', 5])
      expect(problemsInMeter({ currency })).toEqual([
        expect.stringMatching(/^meters\[0\]\.currency: must be the three capital letters of a currency/),
      ]);
  });
});

describe('the gas equivalent', () => {
  it.each([0, 31.6, 32, 32.68])('may be %j', (gasEquivalent) => {
    expect(loadFile({ meters: [{ ...METER, gasEquivalent }] }).config.meters[0]).toMatchObject({
      gasEquivalent,
    });
  });

  it.each([-1, 101, '31.6', null, true, { factor: 31.6 }])('may not be %j', (gasEquivalent) => {
    expect(problemsInMeter({ gasEquivalent })).toEqual([
      expect.stringMatching(
        /^meters\[0\]\.gasEquivalent: must be the m³ of gas that stand for a GJ, such as 31\.6/,
      ),
    ]);
  });

  it('may not be a text of letters in the environment', () => {
    expect(
      problemsOf(() => load({ environment: { METER_PORT: 'COM3', METER_GAS_EQUIVALENT: 'much' } })),
    ).toEqual([expect.stringContaining('(METER_GAS_EQUIVALENT)')]);
  });
});
