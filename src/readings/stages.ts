import { type Language, textsIn } from '../catalogue/texts/languages.ts';
import type { InfoTexts } from '../catalogue/texts/texts.ts';
import { type Equivalents, equivalentsStage } from './equivalents.ts';
import { failedSensorsStage } from './failed-sensors.ts';
import { fineStage } from './fine-totals.ts';
import { infoStage } from './info-stage.ts';
import { meansStage } from './mean-temperatures.ts';
import { changesStage } from './meter-changes.ts';
import { clockStage } from './meter-clock.ts';
import { periodsStage } from './period-figures.ts';
import type { StageMaker } from './pipeline.ts';
import { durationsStage } from './problem-durations.ts';
import { zeroTotalsStage } from './zero-totals.ts';

interface AmountSettings extends Equivalents {
  /** Time zone of the meter's place: an IANA name, or empty for the system's. */
  readonly timezone: string;
  /** Whether somebody wants fine energy with each reading, and is told where there is none. */
  readonly fineEnergy?: boolean;
}

/** All stages, in the order in which they run, by their keys in the meter's memory. `warn` writes to the log. */
export function meterStages(
  settings: AmountSettings,
  language: () => Language,
  warn: (text: string) => void,
): Readonly<Record<string, StageMaker>> {
  const texts = (): InfoTexts => textsIn(language());
  return {
    // First: no figure may be derived from the value of a failed sensor.
    'failed-sensors': failedSensorsStage(texts),
    info: infoStage(texts),
    durations: durationsStage,
    zeroTotals: zeroTotalsStage,
    ...amountStages(settings, warn),
    // Last: it looks at what all the others found.
    changes: changesStage,
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
