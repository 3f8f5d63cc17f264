import { daysOf, timesOfDay } from './schedule.ts';

const SECOND = 1_000;
const HOUR = 3_600_000;
/** Hours that are written out, and lie no further apart than these, are an interval all the same. */
const CLOSE = 3;

/** What a cron expression says, apart from time zones. Times and distances in milliseconds. */
export interface CronTimes {
  /** Since midnight, in order. */
  readonly times: readonly number[];
  /**
   * Where the hours are an interval that fills the day (`*`, or the step 2 from 0 to 23): the distance after which all
   * repeats. Undefined: the times are meant as a clock on the wall shows them.
   */
  readonly period: number | undefined;
  /** The distance at which readings go on around a time of the clock; undefined: it stands alone. */
  readonly distanceAt: (time: number) => number | undefined;
  /** `midnight`: of a date, in UTC. */
  readonly isOn: (midnight: number) => boolean;
}

export function cronTimes(expression: string): CronTimes {
  const times = inOrder(timesOfDay(expression).map((time) => time * SECOND));
  const hours = inOrder(times.map((time) => Math.floor(time / HOUR)));
  const inHour = inOrder(times.map((time) => time % HOUR));
  const inHourDistance = evenDistance(inHour, HOUR);
  const hourDistance = evenDistance(hours, 24);
  const isInterval =
    hourDistance !== undefined && (hourDistance <= CLOSE || /[*/]/.test(hourField(expression)));
  return {
    times,
    period: isInterval ? hourDistance * HOUR : undefined,
    distanceAt: (time) => {
      const h = Math.floor(time / HOUR);
      const hasNeighbour = hours.includes((h + 1) % 24) || hours.includes((h + 23) % 24);
      return inHourDistance ?? (hasNeighbour ? HOUR : undefined);
    },
    isOn: daysOf(expression),
  };
}

function hourField(expression: string): string {
  return expression.trim().split(/\s+/).at(-4) ?? '';
}

function inOrder(numbers: readonly number[]): readonly number[] {
  return [...new Set(numbers)].sort((a, b) => a - b);
}

/** The distance of numbers that are spread evenly over `whole`; undefined where they are not, or there is only one. */
function evenDistance(numbers: readonly number[], whole: number): number | undefined {
  const distance = whole / numbers.length;
  const isEven = numbers.every(
    (number, index) => index === 0 || number - (numbers[index - 1] ?? 0) === distance,
  );
  return isEven && numbers.length > 1 ? distance : undefined;
}
