import { afterEach, describe, expect, it } from 'vitest';
import { FixtureMeter } from '../support/fixture-meter.ts';
import type { PolledLine } from '../support/polled-line.ts';
import { entitiesOf, learned, MODELS_OF, stateOf } from './support/learned-meter.ts';

let home: PolledLine;

afterEach(() => home.stop());

describe.each(MODELS_OF('flowiq-22xx'))('a flowIQ 22xx with two bytes of info code, model %s', (model) => {
  const fixture = new FixtureMeter('flowiq-22xx-two-bytes.json');

  /** 0x0070 and the like. */
  async function withCode(code: number): Promise<void> {
    const options = fixture.options('flowiq-22xx');
    const registers = { ...options.registers, 99: { unit: 51, length: 2, decimals: 0, source: code } };
    home = await learned({ meters: [{ ...options, registers }], model });
  }

  it('has no problem where only durations are set', async () => {
    home = await learned({ meters: [fixture.options('flowiq-22xx')], model });
    const { info, ...all } = stateOf(home);
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
    expect(stateOf(home)).toMatchObject({ info: 'leak', problem_leakage: true, leak_duration: 25 });
    expect(entitiesOf(home).leak_duration).toMatchObject({
      device_class: 'duration',
      unit_of_measurement: 'h',
      state_class: 'measurement',
      entity_category: 'diagnostic',
    });
    expect(entitiesOf(home)).not.toHaveProperty('problem_tampering');
  });
});

describe.each(MODELS_OF('flowiq-22xx'))('a flowIQ 22xx with four bytes of info code, model %s', (model) => {
  it('has flags in all of them, and an unknown one is told as that', async () => {
    const registers = { 99: { unit: 51, length: 4, decimals: 0, source: 0x870 } };
    home = await learned({ meters: [{ model: 'flowiq-22xx', registers }], model });
    expect(stateOf(home)).toMatchObject({
      info: 'unknown info bit 2048; attempted tampering; low battery; low ambient temperature',
      problem_low_battery: true,
    });
    expect(stateOf(home)).not.toHaveProperty('dry_duration');
  });
});

describe.each(MODELS_OF('303'))('a 303 whose code is what its display shows, model %s', (model) => {
  it('is understood where it can be no bits, and is no wrong word where it may be', async () => {
    const options = new FixtureMeter('303-display-digits.json').options('303');
    home = await learned({ meters: [options], model });
    const { info, problem_flow_direction } = stateOf(home);
    if (model === 'auto') expect(info).toMatch(/^info code 4000/);
    else expect([info, problem_flow_direction]).toEqual(['wrong flow direction', true]);
  });
});
