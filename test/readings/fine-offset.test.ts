import { Big } from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fineStage } from '../../src/readings/fine-totals.ts';
import type { Reading } from '../../src/readings/reading.ts';
import { HOUR, NOON } from './support/readings.ts';
import { type Register, Staged, shownOf } from './support/staged.ts';

const DAY = 24 * HOUR;

/** A 602, as htvekov describes its register 155: it counts from the day on which it was switched on. */
class Meter {
  readonly warnings: string[] = [];
  readonly staged = new Staged(fineStage((text) => this.warnings.push(text)));
  /** In Wh. */
  energy = new Big('102470412.5');
  since = new Big('102199201.2');
  unit = { symbol: 'MWh', factor: '1e-6', decimals: 3 };
  time = NOON;
  /** What register 60 holds, where it is not what the meter has counted. */
  total: string | undefined;

  get registers(): readonly [Register, Register] {
    const { symbol, factor, decimals } = this.unit;
    const total = this.total ?? this.energy.times(factor).round(decimals, Big.roundDown).toFixed(decimals);
    return [
      [60, total, symbol],
      [155, this.energy.minus(this.since).toFixed(1), 'Wh'],
    ];
  }

  /** What is made of a reading after so many Wh; undefined for nothing new, null for what is taken back. */
  after(wattHours: number | string, later = HOUR): string | null | undefined {
    this.energy = this.energy.plus(wattHours);
    this.time += later;
    return this.read(...this.registers);
  }

  read(...registers: Register[]): string | null | undefined {
    const readings: readonly Reading[] = this.staged.read(new Date(this.time).toISOString(), ...registers);
    return shownOf(readings).heat_energy_fine?.split(' ')[0] ?? (readings.length > 0 ? null : undefined);
  }
}

/** A meter whose offset is known. */
function learnt(): Meter {
  const meter = new Meter();
  expect(meter.after(0)).toBeUndefined();
  expect(meter.after('86.7')).toBe('102.4700867');
  return meter;
}

describe('a register that counts from a day of its own', () => {
  it('is fitted to the total with the second pair, and counts on exactly', () => {
    const meter = learnt();
    for (const [wattHours, value] of [
      ['500', '102.4705867'],
      ['3000', '102.4735867'],
      ['250000', '102.7235867'],
    ] as const)
      expect(meter.after(wattHours)).toBe(value);
  });

  it('keeps its offset through a restart', () => {
    const meter = learnt();
    meter.staged.restart();
    expect(meter.after('3000')).toBe('102.4730867');
  });

  it('is fitted to a total in GJ, MJ and kWh as well', () => {
    for (const unit of [
      { symbol: 'GJ', factor: '3.6e-6', decimals: 3 },
      { symbol: 'MJ', factor: '3.6e-3', decimals: 0 },
      { symbol: 'kWh', factor: '1e-3', decimals: 1 },
    ]) {
      const meter = new Meter();
      meter.unit = unit;
      meter.after(0);
      const first = new Big(meter.after('20') ?? 'none');
      const next = new Big(meter.after('123456.7') ?? 'none');
      expect(next.minus(first).eq(new Big('123456.7').times(unit.factor))).toBe(true);
    }
  });

  it('that was just switched on waits until it tells more than chance', () => {
    const meter = new Meter();
    meter.since = meter.energy.minus(400);
    for (let hour = 0; hour < 3; hour++) expect(meter.after(1000)).toBeUndefined();
    meter.after(100_000);
    expect(meter.after(1000)).toMatch(/^102\./);
  });

  it('does not lose its offset by one reading that is wrong', () => {
    const meter = learnt();
    const [total] = meter.registers;
    expect(meter.read(total, [155, '9999999.0', 'Wh'])).toBeNull();
    expect(meter.after('3000')).toBe('102.4730867');
  });

  it('that was switched on anew is fitted anew, when the total has moved along with it', () => {
    const meter = learnt();
    meter.since = meter.since.minus(5_000_000);
    expect(meter.after(700)).toBeNull();
    expect(meter.after(700)).toBeNull();
    expect(Number(meter.after(3000))).toBeCloseTo(102.4744, 2);
    expect(meter.warnings).toEqual([]);
  });

  it('whose total was set is fitted to the new one', () => {
    const meter = learnt();
    const total = (value: string): Register => [60, value, 'MWh'];
    const fine = (): Register => [155, meter.energy.minus(meter.since).toFixed(1), 'Wh'];
    expect(meter.read(total('5.000'), fine())).toBeNull();
    meter.energy = meter.energy.plus(2500);
    expect(meter.read(total('5.002'), fine())).toBe('5.0025000');
  });

  it('is asked twice again after more than a week without it', () => {
    const meter = learnt();
    expect(meter.after(50_000, 7 * DAY)).toBe('102.5200867');
    expect(meter.after(50_000, 9 * DAY)).toBeNull();
    expect(Number(meter.after(900))).toBeCloseTo(102.5709, 2);
  });
});

describe('a register that never fits', () => {
  const useless = (meter: Meter): readonly number[] => meter.staged.useless;

  it('is told once, with what to do, and is not worth asking for', () => {
    const meter = new Meter();
    for (let hour = 0; hour < 20; hour++) {
      meter.since = meter.since.plus(meter.energy.mod(7).plus(1).times(40_000));
      meter.after(2000);
      expect(meter.warnings.length).toBe(hour < 5 ? 0 : 1);
    }
    expect(meter.warnings[0]).toMatch(
      /register 155 does not count along with register 60.*"Heat energy, fine" \(heat_energy_fine\) cannot come of it/,
    );
    expect(useless(meter)).toEqual([155]);
  });

  it('is one that counts while the total stands still', () => {
    const meter = new Meter();
    meter.total = '102.470';
    const values = Array.from({ length: 300 }, () => meter.after(57, 60_000));
    expect(useless(meter)).toEqual([155]);
    // Within the last digit of the total while it may still be right, and nothing from then on.
    const shown = values.filter((value) => typeof value === 'string').map(Number);
    expect(Math.max(...shown)).toBeLessThanOrEqual(102.471);
    expect(values.slice(20).filter((value) => typeof value === 'string')).toEqual([]);
  });

  it.each([
    ['stands still while the total counts', 'MWh', 3],
    ['is too coarse to tell', 'GJ', 0],
    ['is in a unit that does not convert exactly', 'Gcal', 3],
  ] as const)('is one that %s', (_, symbol, decimals) => {
    const meter = new Meter();
    meter.unit = { symbol, factor: '1e-6', decimals };
    for (let hour = 0; hour < 12; hour++) {
      if (symbol === 'MWh') meter.since = meter.since.plus(3000);
      expect(meter.after(3000)).toBeUndefined();
    }
    expect(useless(meter)).toEqual([155]);
  });

  it('is tried anew after a restart, and asked again once it fits', () => {
    const meter = new Meter();
    meter.total = '102.470';
    for (let hour = 0; hour < 12; hour++) meter.after(3000);
    expect(useless(meter)).toEqual([155]);
    meter.total = undefined;
    meter.after(3000);
    meter.after(3000);
    expect(useless(meter)).toEqual([]);
    meter.total = '102.470';
    for (let hour = 0; hour < 12; hour++) meter.after(3000);
    meter.staged.restart();
    expect(useless(meter)).toEqual([]);
  });
});

describe('whatever the offset', () => {
  const steps = fc.array(
    fc.record({
      tenthsOfWh: fc.nat(400_000),
      restarted: fc.boolean(),
      wrong: fc.option(fc.nat(9_999_999), { freq: 8 }),
      switchedOn: fc.option(fc.nat(50_000_000), { freq: 20 }),
      minutes: fc.constantFrom(1, 60, 1440, 20_000),
    }),
    { maxLength: 40 },
  );
  const units = fc.constantFrom(
    { symbol: 'GJ', factor: '3.6e-6', decimals: 3 },
    { symbol: 'MWh', factor: '1e-6', decimals: 3 },
    { symbol: 'kWh', factor: '1e-3', decimals: 1 },
  );

  it('a fine value lies within the last digit of the total, and never goes back', () => {
    fc.assert(
      fc.property(units, fc.nat(90_000_000), steps, (unit, since, all) => {
        const meter = new Meter();
        meter.unit = unit;
        meter.since = new Big(since);
        let last = new Big(0);
        for (const { tenthsOfWh, restarted, wrong, switchedOn, minutes } of all) {
          if (restarted) meter.staged.restart();
          if (switchedOn !== null) meter.since = new Big(switchedOn);
          meter.energy = meter.energy.plus(`${tenthsOfWh}e-1`);
          meter.time += minutes * 60_000;
          const [total, fine] = meter.registers;
          const value = meter.read(total, wrong === null ? fine : [155, `${wrong}.0`, 'Wh']);
          if (typeof value !== 'string') continue;
          expect(new Big(value).minus(total[1]).abs().lte(`1e-${unit.decimals}`)).toBe(true);
          expect(new Big(value).gte(last)).toBe(true);
          last = new Big(value);
        }
      }),
    );
  });
});
