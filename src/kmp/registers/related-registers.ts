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
