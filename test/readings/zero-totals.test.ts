import { Big } from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numberRecord } from '../../src/kmp/register.ts';
import { toReading, UNKNOWN_TRAITS } from '../../src/readings/reading.ts';
import { zeroTotalsStage } from '../../src/readings/zero-totals.ts';
import { HOUR, NOON } from './support/readings.ts';
import { type Register, Staged } from './support/staged.ts';

const COUNTED = 'active_energy_import_counted';

describe('a total of an electricity meter that stands at zero', () => {
  const kWh = (id: number, integer: bigint, decimals: number, unit = 2) =>
    toReading(numberRecord(id, unit, integer, decimals, 4), 1);

  it('is unknown while the same in high resolution counts (382J, mushorg/conpot)', () => {
    const readings = [kWh(1, 0n, 1), kWh(13, 71_832_712n, 4), kWh(2, 0n, 1), kWh(14, 0n, 4)];
    const [total, counted, ...rest] = zeroTotalsStage().interpret(readings, UNKNOWN_TRAITS);
    expect(total).toMatchObject({
      quantity: 'active_energy_import',
      value: { kind: 'unknown', decimals: 1, cause: 'register 1 stands at zero while register 13 counts' },
    });
    expect(counted).toMatchObject({
      quantity: COUNTED,
      nature: 'total',
      unit: 'kWh',
      value: { kind: 'number', decimals: 4 },
    });
    expect(rest).toEqual(readings.slice(1));
  });

  it.each([
    ['in a new meter', [kWh(1, 0n, 1), kWh(13, 9_999n, 4)]],
    ['in a new meter that shows whole kWh', [kWh(1, 0n, 0), kWh(13, 99_999n, 4)]],
    ['in units that differ', [kWh(1, 0n, 1), kWh(13, 70_000n, 4, 1)]],
    ['where nothing else was read', [kWh(1, 0n, 1)]],
    ['in the clock of another register', [kWh(60, 0n, 1), kWh(13, 70_000n, 4)]],
  ])('is believed %s', (_case, readings) => {
    expect(zeroTotalsStage().interpret(readings, UNKNOWN_TRAITS)).toEqual(readings);
  });

  it('is believed when it is none', () => {
    const readings = [kWh(1, 139n, 0), kWh(13, 1_390_000n, 4)];
    expect(zeroTotalsStage().interpret(readings, UNKNOWN_TRAITS)).toEqual(readings);
  });

  it('has no quantity of its own where it is not active energy', () => {
    const readings = [kWh(3, 0n, 1, 14), kWh(15, 70_000n, 4, 14)];
    const made = zeroTotalsStage().interpret(readings, UNKNOWN_TRAITS);
    expect(made.map(({ value }) => value.kind)).toEqual(['unknown', 'number']);
  });
});

/** A 382 that counts in its high resolution alone, and what is made of each reading. */
class Meter {
  readonly staged = new Staged(zeroTotalsStage);
  time = NOON;

  read(fine: string, hours = 1, power = '5.000', total = '0.0'): string | null | undefined {
    this.time += hours * HOUR;
    const registers: readonly Register[] = [
      [1, total, 'kWh'],
      [13, fine, 'kWh'],
      [1023, power, 'kW'],
    ];
    return this.staged.at(new Date(this.time).toISOString(), ...registers)[COUNTED];
  }
}

function seenAt(...values: string[]): Meter {
  const meter = new Meter();
  for (const value of values) expect(meter.read(value)).toBeDefined();
  return meter;
}

describe('what counts in its place', () => {
  it('begins with what the register holds, and counts along with it', () => {
    const meter = seenAt('7183.2712');
    expect(meter.read('7183.2712')).toBe('7183.2712 kWh');
    expect(meter.read('7188.0001')).toBe('7188.0001 kWh');
  });

  it.each([
    ['10 000', '9998.5000', '1.3000', '10001.3000'],
    ['1 000', '998.5000', '1.3000', '1001.3000'],
    ['the end of four bytes', '429495.5000', '0.8000', '429497.5296'],
  ])('goes on when the register begins anew at %s, also after a restart', (_, before, after, counted) => {
    const meter = seenAt(before);
    meter.staged.restart();
    expect(meter.read(after)).toBe(`${counted} kWh`);
    const next = new Big(counted).plus('2').toFixed(4);
    expect(meter.read(new Big(after).plus(2).toFixed(4))).toBe(`${next} kWh`);
  });

  it('knows from earlier readings how fast the meter is, where it draws nothing when it begins anew', () => {
    const meter = seenAt('9996.0000', '9999.0000');
    expect(meter.read('0.5000', 1, '0.000')).toBe('10000.5000 kWh');
  });

  it('does not take a register that somebody has set to zero for a full one', () => {
    const meter = seenAt('7183.2712');
    for (const fine of ['5.0000', '6.0000']) expect(meter.read(fine)).toBeUndefined();
    expect(meter.read('7.0000')).toBe('7183.2712 kWh');
    expect(meter.read('9.0000')).toBe('7185.2712 kWh');
  });

  it('waits while the register is further than could have been used', () => {
    const meter = seenAt('7183.2712');
    expect(meter.read('9100.0000')).toBeUndefined();
    expect(meter.read('7190.0000')).toBe('7190.0000 kWh');
    expect(meter.read('9100.0000', 24 * 30)).toBe('9100.0000 kWh');
  });

  it('is taken back when the total counts itself', () => {
    const meter = seenAt('7183.2712');
    expect(meter.read('7184.0000', 1, '5.000', '7184.0')).toBeNull();
    expect(meter.read('7185.0000', 1, '5.000', '7185.0')).toBeUndefined();
  });

  it('keeps the zero from being published while the register begins anew, and without the register', () => {
    const { staged } = seenAt('9999.5000');
    const total = (...registers: Register[]) =>
      staged.every(new Date(NOON + 2 * HOUR).toISOString(), ...registers).active_energy_import;
    expect(total([1, '0.0', 'kWh'], [13, '0.1000', 'kWh'])).toBeNull();
    expect(total([1, '0.0', 'kWh'])).toBeNull();
  });

  it('goes on in another unit, with all that was counted before', () => {
    const { staged } = seenAt('9999.5000', '0.5000');
    const at = new Date(NOON + 3 * HOUR).toISOString();
    expect(staged.at(at, [1, '0.000', 'MWh'], [13, '0.0006', 'MWh'])[COUNTED]).toBe('10.0006 MWh');
  });

  it('counts nothing for a register that could have been full more than once in a gap', () => {
    const meter = seenAt('9996.0000', '9999.0000');
    for (const hours of [24 * 365, 1]) expect(meter.read('5.0000', hours)).toBeUndefined();
    expect(meter.read('5.0000')).toBe('9999.0000 kWh');
  });

  it.each([
    null,
    7,
    { [COUNTED]: null },
    { [COUNTED]: { last: 1, value: 'x', fastest: '1' } },
  ])('begins anew with a memory of %j', (remembered) => {
    const readings = [
      toReading(numberRecord(1, 2, 0n, 1, 4), NOON),
      toReading(numberRecord(13, 2, 71_832_712n, 4, 4), NOON),
    ];
    const [, counted] = zeroTotalsStage(remembered).interpret(readings, UNKNOWN_TRAITS);
    expect(counted?.value).toMatchObject({ value: new Big('7183.2712') });
  });

  it('never goes back, and never counts more than there was', () => {
    const step = fc.record({
      tenths: fc.nat(50_000),
      restarted: fc.boolean(),
      wild: fc.option(fc.nat(99_999_999), { freq: 5 }),
    });
    fc.assert(
      fc.property(fc.constantFrom(1_000, 10_000), fc.array(step, { maxLength: 60 }), (full, steps) => {
        const meter = new Meter();
        let counted = new Big(full).minus(20);
        const text = () => counted.mod(full).toFixed(4);
        const begin = counted;
        let last = begin;
        expect(meter.read(text())).toBe(`${begin.toFixed(4)} kWh`);
        for (const { tenths, restarted, wild } of steps) {
          if (restarted) meter.staged.restart();
          counted = counted.plus(`${tenths}e-4`);
          const fine = wild === null ? text() : `${wild}`.padStart(5, '0').replace(/(\d{4})$/, '.$1');
          const value = meter.read(fine);
          if (typeof value !== 'string') continue;
          const now = new Big(value.split(' ')[0] ?? '');
          expect(now.gte(last)).toBe(true);
          last = now;
        }
        if (steps.every(({ wild }) => wild === null)) expect(last.eq(counted)).toBe(true);
      }),
    );
  });
});
