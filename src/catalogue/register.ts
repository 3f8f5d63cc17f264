/**
 * The purpose of a register's content:
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
 * The purpose of a reading: the natures of registers, and those of what follows from them.
 *
 * | nature       | content |
 * | ------------ | --- |
 * | period-total | counts up from the beginning of a day, month or year |
 * | mean         | average over all that flowed in a period |
 * | drift        | how far off the meter's clock is |
 * | problem      | whether something is the matter |
 * | duration     | for how long something has been the matter |
 * | message      | what is the matter, in words |
 */
export type ReadingNature =
  | RegisterNature
  | 'period-total'
  | 'mean'
  | 'drift'
  | 'problem'
  | 'duration'
  | 'message';

/**
 * The subject of a number, where neither its nature nor the unit that the meter sends says it:
 *
 * | measure              | number |
 * | -------------------- | --- |
 * | difference           | of two temperatures: one degree of it is one kelvin |
 * | absolute-temperature | a temperature, although its unit may be kelvin |
 * | power-factor         | real to apparent power |
 * | throughput           | all that went through the meter: what a water meter's owner has used |
 * | balance              | what came in less what went out: it goes down as well |
 * | gas                  | as much gas, whatever was counted |
 */
export type Measure =
  | 'difference'
  | 'absolute-temperature'
  | 'power-factor'
  | 'throughput'
  | 'balance'
  | 'gas';

/**
 * The content of a quantity on every meter, whichever decimals one of them has: a whole number (hours, events, codes,
 * bits), an amount that some meter may split, or a date.
 */
export type Content = 'whole' | 'decimal' | 'date';

/** A part of the meter whose values cannot be believed while it fails. */
export type MeterPart = 't1' | 't2' | 't3' | 't4' | 't3 or t4' | 'difference' | 'v1' | 'v2';

/**
 * A register depends on a part of the meter in one of these ways:
 *
 * | tie         | while the part fails |
 * | ----------- | --- |
 * | temperature | it is that sensor's own value: never to be believed |
 * | mean        | of a period in which the sensor may have worked: only what a failed sensor shows is not believed |
 * | result      | calculated from it: never to be believed |
 * | either      | the meter does not say which of two sensors fails: only what a failed sensor shows is not believed |
 * | flow        | may still be measured (some air): only zero is not believed |
 */
export type Tie = 'temperature' | 'mean' | 'either' | 'result' | 'flow';

export type Dependency = readonly [part: MeterPart, tie: Tie];

/** All else that is true of a quantity. Outside the catalogue a quantity is named only where it is made. */
export interface Traits {
  /** A household wants to see it. The rest is a click away, such as control energies and tariffs that stand at zero. */
  readonly shown?: true;
  /** What the meter counts first: while only that counts, nobody wants to see this one, which stands at zero. */
  readonly besides?: string;
  /**
   * It belongs on the one line that says how the meter stands: by itself, behind the one of the register before
   * (`67.30/33.80 °C`), or under a name and only while it is not zero.
   */
  readonly glance?: 'apart' | 'beside' | { readonly named: string };
  readonly measure?: Measure;
  /** Settings and info have to say it. Other numbers are amounts, unless they say that they are whole. */
  readonly content?: Content;
  /** Parts of the meter that must work. Totals have none: a meter does not count with a failed sensor. */
  readonly dependsOn?: readonly Dependency[];
  /** Other quantities are made of it, or it tells of faults: a detail that is asked for even if it stands still. */
  readonly alwaysAsked?: true;
  /** Degrees that its sensor cannot show: above, the numbers that stand for none are taken for that. */
  readonly hottest?: number;
  /** The symbol of what it counts, where the meter sends it as a plain number. */
  readonly countsIn?: string;
  /** The maker's number of just this kind of meter, as it is ordered. */
  readonly typeNumber?: true;
  /** The power that the whole house draws now. */
  readonly demand?: true;
  /** The quantity that is the power of this energy; without it, `power`. */
  readonly power?: string;
  /** The register that counts the same in high resolution, in full. */
  readonly highResolution?: number;
  /** In the table of heat meters, but electricity meters may have it too. */
  readonly alsoElectricity?: true;
  /** The quantity whose amount this one repeats, in a unit for people. */
  readonly repeats?: string;
  /**
   * The name for where a name must hold no unit (`hours`, `bits`, `b`) and no kind of figure (`counter`), because these
   * are written behind it.
   */
  readonly plainName?: string;
}

export interface RegisterInfo {
  readonly id: number;
  /** The public name in topics and JSON. Never changed, never used twice. */
  readonly quantity: string;
  /** For a person, in sentence case. */
  readonly label: string;
  readonly nature: RegisterNature;
  readonly traits: Traits;
}

type Row<Nature, Rest extends readonly unknown[]> = readonly [
  id: number,
  quantity: string,
  label: string,
  nature: Nature,
  ...Rest,
];

export type RegisterRow =
  | Row<Exclude<RegisterNature, 'info' | 'setting'>, [traits?: Traits]>
  | Row<'info' | 'setting', [traits: Traits & { readonly content: Content }]>;

// biome-ignore format: a table reads best in rows
/** Registers that the program asks about by name, as their quantities say it. */
export const R = {
  heatEnergy: 60, coolingEnergy: 63, volume: 68, reverseVolume: 243, flow: 74, power: 80,
  flowTemperature: 86, returnTemperature: 87, temperatureDifference: 89,
  flowTemperatureVolume: 97, returnTemperatureVolume: 110,
  infoCode: 99, infoBits: 369, infoHourCounter: 409,
  dateTime: 348, date: 1003, clock: 1002,
  serialNumber: 1001, softwareEdition: 1005, typeNumber: 254, meterType: 404, meterTypeText: 640,
  customerNumber: 347, customerNumberHigh: 112, customerNumberLow: 1010,
  activeEnergyImport: 1, activeEnergyExport: 2, powerImport: 1023,
} as const;

/** A total, and the registers that count the same finer but have lost its leading digits: the better one first. */
export interface FinelyCounted {
  readonly total: number;
  readonly fine: readonly number[];
}

export const HEAT_ENERGY: FinelyCounted = { total: R.heatEnergy, fine: [266, 155] };
export const COOLING_ENERGY: FinelyCounted = { total: R.coolingEnergy, fine: [267] };
export const VOLUME: FinelyCounted = { total: R.volume, fine: [239, 223] };

/** E8 and E9: volume times flow and return temperature, so that with the volume they give mean temperatures. */
export const TEMPERATURE_VOLUMES: readonly number[] = [R.flowTemperatureVolume, R.returnTemperatureVolume];
