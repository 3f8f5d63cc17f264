/** What a meter had counted and seen before the simulation began. */
export interface HouseStart {
  /** Wh */
  readonly heatEnergy: number;
  /** l */
  readonly volume: number;
  /** Volume times flow and return temperature, m³·°C. */
  readonly flowTemperatureVolume: number;
  readonly returnTemperatureVolume: number;
  /** h */
  readonly operatingHours: number;
  /** Highest hourly means of this month and this year: l/h and kW. */
  readonly peaks: {
    readonly flowMonth: number;
    readonly powerMonth: number;
    readonly flowYear: number;
    readonly powerYear: number;
  };
}
