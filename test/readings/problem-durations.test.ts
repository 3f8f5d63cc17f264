import { describe, expect, it } from 'vitest';
import { DURATION_NAMES } from '../../src/catalogue/problem-durations.ts';
import { durationsStage } from '../../src/readings/problem-durations.ts';
import { made, shown, traits } from './support/stage-readings.ts';

describe('for how long something has been the matter with a water meter', () => {
  it.each([
    [0x0070, { dry_duration: '505', reverse_flow_duration: '0', leak_duration: '0', burst_duration: '0' }],
    [0x0c04, { dry_duration: '0', reverse_flow_duration: '0', leak_duration: '25', burst_duration: '0' }],
    [0x2492, { dry_duration: '1', reverse_flow_duration: '1', leak_duration: '1', burst_duration: '1' }],
    [0x8e20, { dry_duration: '9', reverse_flow_duration: '73', leak_duration: '25', burst_duration: '73' }],
    [0x0350, { dry_duration: '169', reverse_flow_duration: '337', leak_duration: '0', burst_duration: '0' }],
  ])('is in an info code of two bytes such as %i', (code, expected) => {
    expect(made(durationsStage(), { 99: String(code) }, 'water', 2)).toEqual({
      info_code: String(code),
      ...expected,
    });
  });

  // As jktjkt/PyKMP explains these values of a KWM2231.
  it.each([
    ['17184063489', '1', '9', '9'],
    ['17181966337', '1', '1', '9'],
    ['17179869185', '1', '0', '9'],
    ['8589934593', '1', '0', '1'],
  ])('is in register 409 with %s', (code, dry, hot, none) => {
    expect(made(durationsStage(), { 99: '0', 409: code }, 'water', 4)).toEqual({
      info_code: '0',
      info_hour_counter: code,
      dry_duration: dry,
      meter_too_hot_duration: hot,
      no_consumption_duration: none,
    });
  });

  it('is a number of hours', () => {
    const readings = durationsStage().interpret(shown({ 99: '112' }, 2), traits('water'));
    expect(readings.filter(({ nature }) => nature === 'duration').map(({ unit }) => unit)).toEqual(
      Array(4).fill('h'),
    );
  });

  it('is in no code of other meters, and in none of four bytes', () => {
    expect(made(durationsStage(), { 99: '112' }, '601', 2)).toEqual({ info_code: '112' });
    expect(made(durationsStage(), { 99: '112' }, 'water', 4)).toEqual({ info_code: '112' });
  });

  it('is unknown where the register was never written, and not the longest of all', () => {
    const unknown = 'unknown: The register is full of ones: the meter has never written it.';
    expect(made(durationsStage(), { 99: '65535' }, 'water', 2)).toEqual({
      info_code: '65535',
      dry_duration: unknown,
      reverse_flow_duration: unknown,
      leak_duration: unknown,
      burst_duration: unknown,
    });
    expect(made(durationsStage(), { 409: String(2n ** 64n - 1n) }, 'water', 8)).toMatchObject({
      dry_duration: unknown,
      no_consumption_duration: unknown,
    });
  });

  it('comes as soon as the family is known, and goes when it is another one', () => {
    const stage = durationsStage();
    expect(made(stage, { 99: '112' }, null, 2)).toEqual({ info_code: '112' });
    expect(made(stage, { 74: '0' }, 'water')).toMatchObject({ dry_duration: '505' });
    expect(stage.withdrawn).toEqual([]);
    expect(made(stage, { 74: '0' }, 'x3')).toEqual({ flow: '0' });
    expect(stage.withdrawn).toEqual(DURATION_NAMES);
  });
});
