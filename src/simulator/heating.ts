/** Heating of the house at one moment. */
export interface Heating {
  /** kW */
  readonly power: number;
  /** l/h */
  readonly flow: number;
  /** °C */
  readonly flowTemperature: number;
  readonly returnTemperature: number;
}

/** Wh that a litre of water carries for each kelvin. */
const WATT_HOURS_PER_LITRE_KELVIN = 1.163;

/** kW lost for each kelvin between inside and outside. */
const HEAT_LOSS = 0.24;
const GAINS_OF_PEOPLE_AND_SUN = 0.8;
const LARGEST_POWER = 15.5;
const SMALLEST_POWER = 0.3;

/** °C outside, the mean of a day. */
const JANUARY = 1;

/**
 * A single-family house on district heating: warm by day, set back by night, warm water in the morning and in the
 * evening. `hour`: local time of day, 0 to 24; `weather` and `draught`: noise of -1 to 1, slow and quick; `season`: what
 * it is outside at this time of the year.
 */
export function heatingAt(hour: number, weather: number, draught: number, season = JANUARY): Heating {
  const outside = season + 3 * Math.cos(((hour - 15) / 12) * Math.PI) + 6 * weather;
  const inside = 18 + 3 * rise(hour, 5, 7) * (1 - rise(hour, 21, 23));
  const reheating = 1.5 * bump(hour, 6, 1);
  const warmWater = 3 * bump(hour, 7, 0.6) + 2 * bump(hour, 19.5, 0.8);
  const wanted =
    HEAT_LOSS * (inside - outside) - GAINS_OF_PEOPLE_AND_SUN + reheating + warmWater + 0.4 * draught;
  const power = Math.min(LARGEST_POWER, Math.max(SMALLEST_POWER, wanted));
  const flowTemperature = 66 - 0.6 * outside + 1.5 * draught;
  // The harder the heat exchanger works, the warmer is what it sends back.
  const returnTemperature = 30 + 0.9 * power + weather;
  const flow = (power * 1000) / (WATT_HOURS_PER_LITRE_KELVIN * (flowTemperature - returnTemperature));
  return { power, flow, flowTemperature, returnTemperature };
}

/** 0 to 24, of a date as `MeterCalendar.shown` gives it. */
export function hourOf(shown: Date): number {
  return shown.getUTCHours() + shown.getUTCMinutes() / 60 + shown.getUTCSeconds() / 3600;
}

/** 0 before `from`, 1 after `to`, smooth between. */
function rise(hour: number, from: number, to: number): number {
  const share = Math.min(1, Math.max(0, (hour - from) / (to - from)));
  return share * share * (3 - 2 * share);
}

/** 1 at `centre`, falling off within a few times `width`. */
function bump(hour: number, centre: number, width: number): number {
  return Math.exp(-(((hour - centre) / width) ** 2));
}
