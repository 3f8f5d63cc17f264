import type { StageMaker } from './interpretation.ts';
import type { Moment } from './moment.ts';
import { PeriodFigures } from './period-figures.ts';

const COUNTERS = [
  { register: 60, quantities: { day: 'heat_energy_day', month: 'heat_energy_month' } },
  { register: 63, quantities: { day: 'cooling_energy_day', month: 'cooling_energy_month' } },
  { register: 68, quantities: { day: 'volume_day', month: 'volume_month' } },
] as const;

/** Energy and volume of today and of this month, where `timezone` has its midnight. */
export function periodsStage(timezone: string): StageMaker {
  return (remembered) => {
    const memory = (remembered ?? {}) as Readonly<Record<string, unknown>>;
    const figures = COUNTERS.map(({ register, quantities }) => {
      const options = { registers: [register], quantities, figure: difference, timezone };
      return { register, of: new PeriodFigures(options, memory[register]) };
    });
    return {
      interpret: (readings) => [...readings, ...figures.flatMap((each) => each.of.take(readings))],
      expire: (now) => figures.flatMap((each) => each.of.expire(now)),
      toRemember: () => Object.fromEntries(figures.map(({ register, of }) => [register, of.toRemember()])),
    };
  };
}

function difference({ counters: [from] }: Moment, { counters: [to] }: Moment) {
  // Of heat meters, nearly all have a register for cooling, that stands at zero.
  if (from === undefined || to === undefined || to.value.value.eq(0)) return undefined;
  const { value, decimals } = to.value;
  return { value: value.minus(from.value.value), decimals, unit: to.unit };
}
