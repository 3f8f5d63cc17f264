import { describe, expect, it } from 'vitest';
import { DANISH } from '../../src/catalogue/texts/da.ts';
import { ENGLISH } from '../../src/catalogue/texts/en.ts';
import { failedSensorsStage } from '../../src/readings/failed-sensors.ts';
import { infoStage } from '../../src/readings/info-stage.ts';
import { restoreReading, storeReading } from '../../src/readings/stored-reading.ts';
import { made, shown, traits } from './support/stage-readings.ts';

const stage = (remembered?: unknown) => infoStage(() => ENGLISH)(remembered);

describe('the info of a meter', () => {
  it('is that there is no error, and no problem of any kind that the family knows', () => {
    const all = made(stage(), { 99: '0' }, '601');
    expect(all).toEqual({
      info_code: '0',
      info: 'no error',
      problem: false,
      problem_flow_temperature_sensor: false,
      problem_return_temperature_sensor: false,
      problem_temperature_3_sensor: false,
      problem_flow_sensor: false,
      problem_air: false,
      problem_flow_direction: false,
      problem_leakage: false,
      problem_burst: false,
      problem_supply: false,
    });
  });

  it('is what the meter complains about, in words and as problems', () => {
    const all = made(stage(), { 99: '4104' }, '601');
    expect(all.info).toBe('flow temperature sensor out of range; air in the flow sensor');
    const problems = Object.keys(all).filter((quantity) => all[quantity] === true);
    expect(problems).toEqual(['problem', 'problem_flow_temperature_sensor', 'problem_air']);
  });

  it('comes in the language of the household', () => {
    expect(made(infoStage(() => DANISH)(undefined), { 99: '4096' }, '601').info).toBe('luft i flowsensoren');
  });

  it('counts an invalid difference at both sensors', () => {
    expect(made(stage(), { 369: '128' }, 'x3')).toMatchObject({
      problem_flow_temperature_sensor: true,
      problem_return_temperature_sensor: true,
      problem_flow_sensor: false,
    });
  });

  it('shows an unknown bit as a number, beside the known ones', () => {
    const all = made(stage(), { 369: '1280' }, 'x3');
    expect(all).toMatchObject({ info: 'unknown info bit 1024; air in the flow sensor', problem_air: true });
  });

  it('is the number as it is where no table is known, and no problem is claimed or denied', () => {
    expect(made(stage(), { 99: '12' }, null)).toEqual({ info_code: '12', info: 'info code 12' });
    expect(made(stage(), { 99: '0' }, null)).toEqual({ info_code: '0', info: 'no error' });
  });

  it('is the one of water meters, which know other problems', () => {
    const all = made(stage(), { 99: '5' }, 'water', 2);
    expect(all).toMatchObject({
      info: 'no water in the meter; leak',
      problem_dry: true,
      problem_leakage: true,
      problem_burst: false,
      problem_flow_direction: false,
    });
    expect(all).not.toHaveProperty('problem_air');
    expect(made(stage(), { 99: '544' }, 'water', 4)).toMatchObject({
      info: 'low battery; no consumption',
      problem_low_battery: true,
      problem_no_consumption: true,
    });
  });

  it('never exceeds what Home Assistant takes, and hides no unknown bit', () => {
    const { info } = made(stage(), { 369: String(2 ** 32 - 2) }, 'x3');
    expect(String(info).length).toBeLessThanOrEqual(255);
    expect(info).toMatch(/^unknown info bit 1024; unknown info bit 67108864; .*; and \d+ more$/);
  });

  it('adds nothing where no info was read', () => {
    expect(made(stage({ code: '8' }), { 86: '60.00' }, '601')).toEqual({ flow_temperature: '60.00' });
    expect(made(stage({ code: '8' }), {}, '601')).toEqual({});
  });

  it('adds nothing for what is no code', () => {
    expect(made(stage(), { 99: '-3' }, '601')).not.toHaveProperty('info');
    expect(made(stage(), { 99: '1.5' }, '601')).not.toHaveProperty('info');
  });

  it('names a sensor that shows its failure without any info code', () => {
    const checked = failedSensorsStage(() => ENGLISH)(undefined).interpret(
      shown({ 86: '185.00', 99: '0' }),
      traits('x3'),
    );
    const info = stage()
      .interpret(checked, traits('x3'))
      .find(({ quantity }) => quantity === 'info');
    expect(info?.value.value).toMatch(/^flow temperature sensor: 185\.00 °C is what the meter shows/);
  });

  it('survives a restart as it was published', () => {
    for (const code of ['8', '256', '1000000']) {
      const given = shown({ 99: code }).map(({ bytes: _, ...rest }) => rest);
      const readings = stage().interpret(given, traits('x3'));
      expect(
        readings.map((reading) => restoreReading(JSON.parse(JSON.stringify(storeReading(reading))))),
      ).toEqual(readings);
    }
  });
});

describe('the two info registers of an x3 meter', () => {
  it('are read by the bits where both are there', () => {
    const all = made(stage(), { 99: '1000000', 369: '8' }, 'x3');
    expect(all.info).toBe('flow temperature sensor disconnected or above its range');
  });

  it.each([
    ['1', 'power supply interrupted'],
    ['16', 'return temperature sensor disconnected or above its range'],
    ['256', 'air in the flow sensor'],
    ['1073741824', 'leak: water is being lost'],
  ])('a code of %s alone is taken for bits, because no display shows it', (code, text) => {
    expect(made(stage(), { 99: code }, 'x3').info).toBe(text);
  });

  it.each(['5000', '1024', '70007', '99999999'])('a code of %s alone makes no sense either way', (code) => {
    expect(made(stage(), { 99: code }, 'x3').info).toBe(`info code ${code}, whose meaning is not clear`);
  });

  it.each([
    '8',
    '1000000',
    '2000000',
    '800',
    '9',
    '20000000',
    '10000',
  ])('a code of %s alone may be what the display shows: no cause is named', (code) => {
    const all = made(stage(), { 99: code }, 'x3');
    const text = `info code ${code}, whose meaning is not clear`;
    expect(all).toMatchObject({ info: text, problem_air: `unknown: ${text}` });
    const { problem, ...others } = all;
    // Which one is not known; that there is one is.
    expect(problem).toBe(true);
    expect(Object.values(others)).not.toContain(true);
    expect(Object.values(others)).not.toContain(false);
  });

  // As bits they would be sensors above and below their range at once, or bits that are reserved.
  it.each([
    ['4000', 'wrong flow direction'],
    ['3000', 'air in the flow sensor'],
    ['80', 'leak at input A'],
    ['90', 'external alarm on input A'],
    ['7007', 'burst pipe: water is being lost; leak at input B2'],
  ])('a code of %s alone is what the display shows, because it can be no bits', (code, text) => {
    expect(made(stage(), { 99: code }, 'x3').info).toBe(text);
    expect(made(stage(), { 99: code }, 'x3', 2).info).toBe(text);
  });

  it('a code of two bytes is the low half of the bits: the digits of a display have no room in it', () => {
    expect(made(stage(), { 99: '512' }, 'x3', 2)).toMatchObject({ problem_flow_direction: true });
    expect(made(stage(), { 99: '8' }, 'x3', 2)).toMatchObject({ problem_flow_temperature_sensor: true });
    // Over radio the bits of the inputs are reserved there.
    expect(made(stage(), { 369: '16384' }, 'x3', 2).info).toBe('unknown info bit 16384');
  });

  it('the digits before the last four stand for one thing on a 303 and for another on the rest', () => {
    const checked = failedSensorsStage(() => ENGLISH)(undefined).interpret(
      shown({ 99: '10000', 87: '185.00', 88: '185.00', 86: '60.00' }),
      traits('x3'),
    );
    expect(checked.map(({ register, value }) => [register, value.kind])).toEqual([
      [86, 'number'],
      [87, 'unknown'],
      [88, 'unknown'],
      [99, 'number'],
    ]);
  });

  it('no error is no error in both', () => {
    expect(made(stage(), { 99: '0' }, 'x3')).toMatchObject({ info: 'no error', problem_air: false });
  });

  it('the bits explain the code for as long as it stays the same, over a restart too', () => {
    let info = stage();
    made(info, { 99: '1000000' }, 'x3');
    made(info, { 369: '8' }, 'x3');
    expect(made(info, { 99: '1000000' }, 'x3')).toMatchObject({ problem_flow_temperature_sensor: true });
    info = stage(JSON.parse(JSON.stringify(info.toRemember?.())));
    expect(made(info, { 99: '1000000' }, 'x3')).toMatchObject({ problem_flow_temperature_sensor: true });
    expect(made(info, { 99: '100000' }, 'x3').info).toMatch(/not clear/);
    expect(made(info, { 99: '0' }, 'x3').info).toBe('no error');
  });

  it('where the bits are read regularly, they alone count', () => {
    const info = stage();
    made(info, { 99: '0' }, 'x3');
    made(info, { 369: '0' }, 'x3');
    made(info, { 369: '8' }, 'x3');
    expect(made(info, { 99: '1000000' }, 'x3')).not.toHaveProperty('info');
    expect(made(info, { 369: '8' }, 'x3')).toMatchObject({ problem_flow_temperature_sensor: true });
  });

  it('forgets what is no memory of it', () => {
    for (const memory of ['x', { code: 5, bits: 'x' }, null, []])
      expect(stage(memory).toRemember?.()).toEqual({});
  });
});
