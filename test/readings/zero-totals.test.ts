import { describe, expect, it } from 'vitest';
import { numberRecord } from '../../src/kmp/register-record.ts';
import { UNKNOWN_TRAITS } from '../../src/readings/meter-traits.ts';
import { takeReading } from '../../src/readings/take-reading.ts';
import { zeroTotals } from '../../src/readings/zero-totals.ts';

const kWh = (id: number, integer: bigint, decimals: number, unit = 2) =>
  takeReading(numberRecord(id, unit, integer, decimals, 4), 1);

describe('a total of an electricity meter that stands at zero', () => {
  it('is unknown while the same in high resolution counts (382J, mushorg/conpot)', () => {
    const readings = [kWh(1, 0n, 1), kWh(13, 71_832_712n, 4), kWh(2, 0n, 1), kWh(14, 0n, 4)];
    const [total, fine, exported] = zeroTotals.interpret(readings, UNKNOWN_TRAITS);
    expect(total).toMatchObject({
      quantity: 'active_energy_import',
      value: { kind: 'unknown', decimals: 1, cause: 'register 1 stands at zero while register 13 counts' },
    });
    expect([fine, exported]).toEqual([readings[1], readings[2]]);
  });

  it.each([
    ['in a new meter', [kWh(1, 0n, 1), kWh(13, 9_999n, 4)]],
    ['in units that differ', [kWh(1, 0n, 1), kWh(13, 70_000n, 4, 1)]],
    ['where nothing else was read', [kWh(1, 0n, 1)]],
    ['in the clock of another register', [kWh(60, 0n, 1), kWh(13, 70_000n, 4)]],
  ])('is believed %s', (_case, readings) => {
    expect(zeroTotals.interpret(readings, UNKNOWN_TRAITS)).toEqual(readings);
  });

  it('is believed when it is none', () => {
    const readings = [kWh(1, 139n, 0), kWh(13, 1_390_000n, 4)];
    expect(zeroTotals.interpret(readings, UNKNOWN_TRAITS)).toEqual(readings);
  });
});
