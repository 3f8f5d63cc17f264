/** What one request of at most eight registers asks for. */
export interface FirstRequest {
  /** One register each: the first of the slot that the meter has. */
  readonly slots: readonly (readonly number[])[];
  /** What fills the places that stay free, if the meter is known to have it. */
  readonly fillers: readonly number[];
}

/** Energy, volume, flow, power, flow and return temperature, their difference. */
const HEAT_SLOTS = [[60], [68], [74], [80], [86, 398], [87, 399], [89, 400]];
const WATER_FILLERS = [292, 299, 243, 1004];

/** A meter of which nothing is known is asked as the most frequent ones are. */
export const UNKNOWN_FIRST: FirstRequest = {
  slots: [...HEAT_SLOTS, [99, 369]],
  fillers: [63, ...WATER_FILLERS, 1, 2, 1023, 1024, 1054, 1055, 1056, 1080],
};

export const HEAT_FIRST: FirstRequest = { slots: [...HEAT_SLOTS, [99, 369]], fillers: [63, 1004] };

/** What the bits of 369 mean is public; what 99 shows on these meters while something is wrong is not. */
export const X3_FIRST: FirstRequest = { slots: [...HEAT_SLOTS, [369, 99]], fillers: [63, 1004] };

/** Volume, flow, info code, reverse volume, temperatures of water and meter, hours. */
export const WATER_FIRST: FirstRequest = {
  slots: [[68], [74], [99, 369], [243], [292], [299], [1004]],
  fillers: [],
};

/** Volume, flow, info code, both pulse inputs, hours. */
export const FIRST_62: FirstRequest = { slots: [[68], [74], [99], [84], [85], [1004]], fillers: [] };

/**
 * Import and export, the same in high resolution (a 382 was seen with zero in 1 and its total in 13), power in and out,
 * the meter's status, operating hours. Tariffs and phases are details.
 */
export const ELECTRICITY_FIRST: FirstRequest = {
  slots: [[1], [2], [13], [14], [1023], [1024], [50], [1004]],
  fillers: [],
};
