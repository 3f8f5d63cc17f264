import { traitsOf } from '../catalogue/quantities.ts';
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
  /** Time zone of the meter's place: an IANA name, or empty for the system's. */
  readonly timezone: string;
  /** Whether somebody wants fine energy with each reading, and is told where there is none. */
  readonly fineEnergy?: boolean;
}

/** All stages, in the order in which they run, by their keys in the meter's memory. `warn` writes to the log. */
export function meterStages(
  settings: AmountSettings,
  language: Language,
  warn: (text: string) => void,
): Readonly<Record<string, StageMaker>> {
  const texts = textsIn(language);
  return {
    // First: no figure may be derived from the value of a failed sensor.
    'failed-sensors': failedSensorsStage(texts),
    info: infoStage(texts),
    zeroTotals: () => zeroTotals,
    ...amountStages(settings, warn),
  };
}

/**
 * The stages for amounts and clock, without those that need an info code.
 */
export function amountStages(
  settings: AmountSettings,
  warn: (text: string) => void = () => {},
): Readonly<Record<string, StageMaker>> {
  const { timezone, fineEnergy = false } = settings;
  return {
    fine: fineStage(fineEnergy ? warn : undefined),
    means: meansStage(timezone),
    periods: periodsStage(timezone),
    equivalents: equivalentsStage(settings, warn),
    clock: clockStage(timezone),
  };
}

/**
 * A 382J was seen with zero kWh in register 1 while 13 stood at 7183.2712 kWh (mushorg/conpot). A total that stands at
 * zero while its high-resolution register has counted whole units is not used by the meter, and becomes unknown.
 */
export const zeroTotals: Stage = {
  interpret(readings) {
    const byRegister = new Map(readings.map((reading) => [reading.register, reading]));
    return readings.map((reading) => {
      const { highResolution } = traitsOf(reading.quantity);
      const fine = highResolution === undefined ? undefined : byRegister.get(highResolution);
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
