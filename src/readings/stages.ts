import { type Language, textsIn } from '../catalogue/texts/languages.ts';
import { type Equivalents, equivalentsStage } from './equivalents.ts';
import { failedSensorsStage } from './failed-sensors.ts';
import { fineStage } from './fine-totals.ts';
import { infoStage } from './info-stage.ts';
import { meansStage } from './mean-temperatures.ts';
import { clockStage } from './meter-clock.ts';
import { periodsStage } from './period-figures.ts';
import type { Stage, StageMaker } from './pipeline.ts';
import type { Reading } from './reading.ts';

interface AmountSettings extends Equivalents {
  /** Where the meter hangs: an IANA name, or empty for the system's. */
  readonly timezone: string;
}

/** All that is made of a meter's readings, in this order. */
export function meterStages(
  settings: AmountSettings,
  language: Language,
  warn: (text: string) => void,
): Readonly<Record<string, StageMaker>> {
  const texts = textsIn(language);
  return {
    // First: nothing may be made of what a failed sensor shows.
    'failed-sensors': failedSensorsStage(texts),
    info: infoStage(texts),
    zeroTotals: () => zeroTotals,
    ...amountStages(settings, warn),
  };
}

/**
 * What is made of a meter's amounts and of its clock. The names are those in its memory. `warn`: for the log, of what
 * its owner should know.
 */
export function amountStages(
  settings: AmountSettings,
  warn: (text: string) => void = () => {},
): Readonly<Record<string, StageMaker>> {
  const { timezone } = settings;
  return {
    fine: fineStage,
    means: meansStage(timezone),
    periods: periodsStage(timezone),
    equivalents: equivalentsStage(settings, warn),
    clock: clockStage(timezone),
  };
}

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
export const zeroTotals: Stage = {
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
