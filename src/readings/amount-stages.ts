import { clockStage } from './clock-stage.ts';
import { type Equivalents, equivalentsStage } from './equivalents-stage.ts';
import { fineStage } from './fine-stage.ts';
import type { StageMaker } from './interpretation.ts';
import { meansStage } from './means-stage.ts';
import { periodsStage } from './periods-stage.ts';

export interface AmountSettings extends Equivalents {
  /** Where the meter hangs: an IANA name, or empty for the system's. */
  readonly timezone: string;
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
