import { describe, expect, it } from 'vitest';
import { ENGLISH } from '../../src/catalogue/texts/en.ts';
import { failedSensorsStage } from '../../src/readings/failed-sensors.ts';
import { made, shown, traits } from './support/stage-readings.ts';

const stage = (remembered?: unknown) => failedSensorsStage(() => ENGLISH)(remembered);

const WELL = { 60: '84.817', 74: '101', 80: '4.0', 86: '67.07', 87: '33.54', 89: '33.53' };
const T1_OPEN = 'unknown: flow temperature sensor disconnected or above its range';
const T1_SHORTED = 'unknown: flow temperature sensor short-circuited or below its range';
const T2_SHORTED = 'unknown: return temperature sensor short-circuited or below its range';

describe('with all sensors well', () => {
  it('every number stays what it is', () => {
    const readings = shown({ ...WELL, 99: '0' });
    expect(stage().interpret(readings, traits('x3'))).toEqual(readings);
  });

  it('zeros are zeros: no flow in summer, frost at the return', () => {
    const readings = shown({ 74: '0', 80: '0.0', 86: '0.00', 87: '0.00', 89: '0.00', 99: '0' });
    expect(stage().interpret(readings, traits('x3'))).toEqual(readings);
  });

  it('an info code that names no sensor changes nothing, even at zero flow', () => {
    const readings = shown({ ...WELL, 74: '0', 80: '0.0', 369: String(2 + 4 + 0x4000_0000) });
    expect(stage().interpret(readings, traits('x3'))).toEqual(readings);
  });
});

describe('a failed temperature sensor', () => {
  it('makes its temperature, the difference and the power unknown; the rest stays', () => {
    expect(made(stage(), { ...WELL, 80: '0.0', 86: '185.00', 89: '0.00', 369: '8' }, 'x3')).toEqual({
      heat_energy: '84.817',
      flow: '101',
      power: T1_OPEN,
      flow_temperature: T1_OPEN,
      return_temperature: '33.54',
      temperature_difference: T1_OPEN,
      info_bits: '8',
    });
  });

  it.each([
    ['flow', '32', { 86: '0.00' }, { flow_temperature: T1_SHORTED, return_temperature: '33.54' }],
    ['return', '64', { 87: '0.00' }, { return_temperature: T2_SHORTED, flow_temperature: '67.07' }],
  ])('shows 0.00 °C when the %s sensor is shorted', (_which, bits, values, expected) => {
    expect(made(stage(), { ...WELL, ...values, 369: bits }, 'x3')).toMatchObject(expected);
  });

  it('of a 601 shows 200.00 °C', () => {
    expect(made(stage(), { ...WELL, 80: '0.0', 87: '200.00', 99: '4' }, '601')).toMatchObject({
      return_temperature: 'unknown: return temperature sensor out of range',
      power: 'unknown: return temperature sensor out of range',
      flow_temperature: '67.07',
    });
  });

  it('that the meter complains about now is not believed, whatever it shows', () => {
    expect(made(stage(), { 86: '31.20', 99: '8' }, '601').flow_temperature).toMatch(/^unknown/);
    expect(made(stage(), { 88: '31.20', 99: '32' }, '601').temperature_3).toMatch(/T3 out of range/);
  });

  it('keeps the decimals of what it hides', () => {
    const [temperature] = stage().interpret(shown({ 86: '185.00', 369: '8' }), traits('x3'));
    expect(temperature?.value).toMatchObject({ kind: 'unknown', decimals: 2 });
  });

  it('is known by exactly 185 or 200 °C even without any info code', () => {
    for (const degrees of ['185.00', '200.00'])
      expect(made(stage(), { 86: '67.07', 87: degrees, 80: '0.0', 89: '0.00' }, null)).toEqual({
        flow_temperature: '67.07',
        return_temperature: `unknown: return temperature sensor: ${degrees} °C is what the meter shows when it is disconnected`,
        power: expect.stringMatching(/^unknown: return/),
        temperature_difference: expect.stringMatching(/^unknown: return/),
      });
    expect(made(stage(), { 88: '185.0' }, null).temperature_3).toMatch(/^unknown: temperature sensor T3/);
    expect(made(stage(), { 86: '184.99' }, null).flow_temperature).toBe('184.99');
  });

  it('may be T3 or T4: the meter has one bit for both', () => {
    const cause = 'unknown: temperature sensor T3 or T4 disconnected or above its range';
    const open = String(0x10_0000);
    expect(made(stage(), { 88: '185.00', 122: '185.00', 369: open }, 'x3')).toMatchObject({
      temperature_3: cause,
      temperature_4: cause,
    });
    // The other one of the two goes on.
    expect(made(stage(), { 88: '185.00', 122: '31.20', 369: open }, 'x3').temperature_4).toBe('31.20');
    expect(made(stage(), { 122: '0.00', 369: String(0x20_0000) }, 'x3').temperature_4).toMatch(/T3 or T4/);
  });

  it('of T4 says nothing of T3 without the code', () => {
    expect(made(stage(), { 88: '31.20', 122: '185.00' }, null)).toEqual({
      temperature_3: '31.20',
      temperature_4: expect.stringMatching(/^unknown: temperature sensor T4: 185/),
    });
  });

  it('leaves means alone unless they are what a failed sensor shows', () => {
    const all = made(stage(), { 149: '69', 146: '185', 150: '33', 369: '8' }, 'x3');
    expect(all.mean_flow_temperature_month).toBe('69');
    expect(all.mean_flow_temperature_year).toBe(T1_OPEN);
    expect(all.mean_return_temperature_month).toBe('33');
    expect(made(stage(), { 149: '185', 146: '69' }, 'x3')).toMatchObject({
      mean_flow_temperature_month: expect.stringMatching(/^unknown: flow temperature sensor: 185/),
      mean_flow_temperature_year: '69',
    });
  });
});

describe('a failed flow sensor', () => {
  it.each([
    ['601', '16', 'data error of the flow sensor'],
    ['601', '2048', 'wrong pulse figure of the flow sensor'],
    ['601', '4096', 'air in the flow sensor'],
    ['x3', String(0x1_0000), 'no communication with the flow sensor'],
    ['x3', '256', 'air in the flow sensor'],
    ['x3', '512', 'wrong flow direction'],
  ] as const)('of a %s with info %s makes a flow of zero unknown, and the power', (table, info, cause) => {
    const register = table === 'x3' ? 369 : 99;
    expect(made(stage(), { ...WELL, 74: '0', 80: '0.0', [register]: info }, table)).toMatchObject({
      flow: `unknown: ${cause}`,
      power: `unknown: ${cause}`,
      flow_temperature: '67.07',
      temperature_difference: '33.53',
      heat_energy: '84.817',
    });
  });

  it('that still measures is believed', () => {
    expect(made(stage(), { ...WELL, 369: '256' }, 'x3')).toMatchObject({ flow: '101', power: '4.0' });
  });

  it('V2 has a flow of its own', () => {
    expect(made(stage(), { 74: '0', 75: '0', 99: '8192' }, '601')).toMatchObject({
      flow: '0',
      flow_2: 'unknown: air in flow sensor V2',
    });
  });
});

describe('an invalid difference', () => {
  it('makes the difference and the power unknown, not the temperatures', () => {
    expect(made(stage(), { ...WELL, 369: '128' }, 'x3')).toMatchObject({
      flow_temperature: '67.07',
      temperature_difference: 'unknown: invalid temperature difference',
      power: 'unknown: invalid temperature difference',
    });
  });
});

describe('a code that cannot be understood', () => {
  const unclear = 'unknown: info code 1000000, whose meaning is not clear';

  it('makes what it may be about unknown, where it looks like it', () => {
    const failed = { ...WELL, 86: '0.00', 89: '0.00', 80: '0.0', 99: '1000000' };
    expect(made(stage(), failed, 'x3')).toMatchObject({
      flow_temperature: unclear,
      temperature_difference: unclear,
      power: unclear,
      return_temperature: '33.54',
    });
    expect(made(stage(), { ...WELL, 74: '0', 99: '800' }, 'x3').flow).toMatch(/^unknown: info code 800/);
  });

  it('does not make believable numbers unknown', () => {
    const readings = shown({ ...WELL, 99: '1000000' });
    expect(stage().interpret(readings, traits('x3'))).toEqual(readings);
  });

  it('of a meter without a table spoils 0.00 °C, and a flow and a power of zero', () => {
    const values = { ...WELL, 74: '0', 75: '0', 80: '0.0', 87: '0.00', 99: '16' };
    expect(made(stage(), values, null)).toMatchObject({
      heat_energy: '84.817',
      flow_temperature: '67.07',
      flow: 'unknown: info code 16',
      flow_2: 'unknown: info code 16',
      power: 'unknown: info code 16',
      return_temperature: 'unknown: info code 16',
    });
    expect(made(stage(), { ...values, 99: '0' }, null)).toMatchObject({ flow: '0', power: '0.0' });
    expect(made(stage(), { ...WELL, 99: '16' }, null)).toMatchObject({ flow: '101', power: '4.0' });
  });
});

describe('a reading without the info code, such as the details', () => {
  it('goes by the last known one, for values that look like it', () => {
    const failed = stage();
    made(failed, { 86: '0.00', 369: '32' }, 'x3');
    const again = stage(JSON.parse(JSON.stringify(failed.toRemember?.())));
    expect(made(again, { 398: '0.0', 400: '0.0', 399: '33.5' }, 'x3')).toEqual({
      flow_temperature_1_decimal: T1_SHORTED,
      temperature_difference_1_decimal: T1_SHORTED,
      return_temperature_1_decimal: '33.5',
    });
    expect(made(again, { 398: '67.0', 400: '33.5' }, 'x3')).toEqual({
      flow_temperature_1_decimal: '67.0',
      temperature_difference_1_decimal: '33.5',
    });
  });

  it('has zeros that are zeros when the last info was well', () => {
    const well = stage();
    made(well, { 99: '0' }, '601');
    expect(made(well, { 75: '0', 88: '0.00' }, '601')).toEqual({ flow_2: '0', temperature_3: '0.00' });
  });
});

it('a sensor that is put right is believed at once', () => {
  const failing = stage();
  made(failing, { ...WELL, 86: '185.00', 369: '8' }, 'x3');
  const readings = shown({ ...WELL, 369: '0' });
  expect(failing.interpret(readings, traits('x3'))).toEqual(readings);
});
