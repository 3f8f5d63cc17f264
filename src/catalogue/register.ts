/**
 * What a register's content is for:
 *
 * | nature      | content |
 * | ----------- | --- |
 * | total       | counts up over the meter's whole life |
 * | pulse-total | counts up, but can be set on the meter (pulse inputs, resettable counters) |
 * | live        | now |
 * | peak        | minimum, maximum or average of a period; starts anew with the period |
 * | fine        | high resolution of a total with its leading digits cut: it wraps |
 * | date        | when a peak was |
 * | clock       | the meter's own clock |
 * | info        | what the meter complains about |
 * | identity    | names the meter, its owner and its parts |
 * | setting     | how the meter is configured |
 */
export type RegisterNature =
  | 'total'
  | 'pulse-total'
  | 'live'
  | 'peak'
  | 'fine'
  | 'date'
  | 'clock'
  | 'info'
  | 'identity'
  | 'setting';

/**
 * What a reading is for: the natures of registers, and those of what follows from them.
 *
 * | nature       | content |
 * | ------------ | --- |
 * | period-total | counts up from the beginning of a day, month or year |
 * | mean         | average over all that flowed in a period |
 * | drift        | how far off the meter's clock is |
 * | problem      | whether something is the matter |
 * | message      | what is the matter, in words |
 */
export type ReadingNature = RegisterNature | 'period-total' | 'mean' | 'drift' | 'problem' | 'message';

export interface RegisterInfo {
  readonly id: number;
  /** The public name in topics and JSON. Never changed, never used twice. */
  readonly quantity: string;
  /** For a person, in sentence case. */
  readonly label: string;
  readonly nature: RegisterNature;
}

export type RegisterRow = readonly [id: number, quantity: string, label: string, nature: RegisterNature];

/** A total, and the registers that count the same finer but have lost its leading digits: the better one first. */
export interface FinelyCounted {
  readonly total: number;
  readonly fine: readonly number[];
}

export const HEAT_ENERGY: FinelyCounted = { total: 60, fine: [266, 155] };
export const COOLING_ENERGY: FinelyCounted = { total: 63, fine: [267] };
export const VOLUME: FinelyCounted = { total: 68, fine: [239, 223] };

/** E8 and E9: volume times flow and return temperature, so that with the volume they give mean temperatures. */
export const TEMPERATURE_VOLUMES: readonly number[] = [97, 110];
