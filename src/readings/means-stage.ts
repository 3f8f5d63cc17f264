import type { DecimalNumber } from './convert-unit.ts';
import { derivedReading } from './derived-reading.ts';
import type { StageMaker } from './interpretation.ts';
import { MEAN_REGISTERS, meanTemperatures } from './mean-temperatures.ts';
import { leadsTo, type Moment, momentIn, restoreMoment, storeMoment } from './moment.ts';
import { PeriodFigures } from './period-figures.ts';
import type { Reading } from './reading.ts';

const COOLING_OF = { day: 'mean_cooling_day', month: 'mean_cooling_month', year: 'mean_cooling_year' };

/**
 * Mean flow and return temperature and the cooling of the water, weighted by volume: since the last time that they
 * could be told, and the cooling of today, this month and this year.
 */
export function meansStage(timezone: string): StageMaker {
  return (remembered) => {
    const memory = (remembered ?? {}) as Readonly<Record<string, unknown>>;
    const figure = (from: Moment, to: Moment) => {
      const { cooling } = meanTemperatures(from, to);
      return cooling && { ...cooling, unit: 'K' };
    };
    const options = { registers: MEAN_REGISTERS, quantities: COOLING_OF, figure, timezone };
    const periods = new PeriodFigures(options, memory.periods);
    // Stays where it is until enough has flowed: an hour alone is too little, a few of them are not.
    let since = restoreMoment(memory.since, MEAN_REGISTERS);
    return {
      interpret: (readings) => {
        const now = momentIn(readings, MEAN_REGISTERS);
        const means = since && now ? sinceThen(since, now) : [];
        if (now && (!since || means.length > 0 || !leadsTo(since, now))) since = now;
        return [...readings, ...means, ...periods.take(readings)];
      },
      expire: (now) => periods.expire(now),
      toRemember: () => ({ since: since ? storeMoment(since) : null, periods: periods.toRemember() }),
    };
  };
}

/** All three or none, so that they are of the same time. */
function sinceThen(since: Moment, now: Moment): Reading[] {
  if (!leadsTo(since, now)) return [];
  const { flow, return: back, cooling } = meanTemperatures(since, now);
  if (!flow || !back || !cooling) return [];
  const reading = (quantity: string, value: DecimalNumber, unit: string): Reading =>
    derivedReading(quantity, { value: { kind: 'number', ...value }, unit, readAt: now.at });
  return [
    reading('mean_flow_temperature', flow, '°C'),
    reading('mean_return_temperature', back, '°C'),
    reading('mean_cooling', cooling, 'K'),
  ];
}
