import type { InterpretationStage } from './interpretation.ts';
import type { Reading } from './reading.ts';

/** Totals of electricity meters, with the register that has the same in high resolution. */
const HIGH_RESOLUTION: ReadonlyMap<number, number> = new Map([
  [1, 13],
  [2, 14],
  [3, 15],
  [4, 16],
]);

/**
 * A 382J was seen with zero kWh in register 1 while 13 stood at 7183.2712 kWh (mushorg/conpot). A total that stands at
 * zero while the same in high resolution has counted whole units is not used by its meter, and no zero to be published.
 */
export const zeroTotals: InterpretationStage = {
  interpret(readings) {
    const byRegister = new Map(readings.map((reading) => [reading.register, reading]));
    return readings.map((reading) => {
      const fine = byRegister.get(HIGH_RESOLUTION.get(reading.register ?? 0) ?? 0);
      return fine !== undefined && isContradicted(reading, fine) ? withoutValue(reading, fine) : reading;
    });
  },
};

function isContradicted({ value, unit }: Reading, fine: Reading): boolean {
  if (value.kind !== 'number' || fine.value.kind !== 'number' || unit !== fine.unit) return false;
  return value.value.eq(0) && fine.value.value.gte(1);
}

function withoutValue(reading: Reading, fine: Reading): Reading {
  const decimals = reading.value.kind === 'number' ? reading.value.decimals : 0;
  const cause = `register ${reading.register} stands at zero while register ${fine.register} counts`;
  return { ...reading, value: { kind: 'unknown', value: null, decimals, cause } };
}
