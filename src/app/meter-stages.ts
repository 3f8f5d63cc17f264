import { type AmountSettings, amountStages } from '../readings/amount-stages.ts';
import { failedSensorsStage } from '../readings/info/failed-sensors-stage.ts';
import { infoStage } from '../readings/info/info-stage.ts';
import { type Language, textsIn } from '../readings/info/language.ts';
import type { StageMaker } from '../readings/interpretation.ts';
import { zeroTotals } from '../readings/zero-totals.ts';

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
