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

export interface RegisterInfo {
  readonly id: number;
  /** The public name in topics and JSON. Never changed, never used twice. */
  readonly quantity: string;
  /** For a person, in sentence case. */
  readonly label: string;
  readonly nature: RegisterNature;
}

export type RegisterRow = readonly [id: number, quantity: string, label: string, nature: RegisterNature];
