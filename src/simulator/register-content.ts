import { UNIT } from '../catalogue/units.ts';
import { numberRecord, type RegisterRecord } from '../kmp/register.ts';
import { COUNTED, type HouseQuantity } from './house-values.ts';
import type { RegisterDefinition } from './models/meter-model.ts';

/** One moment of the meter, so that all registers of a request fit together. */
export interface MeterMoment {
  readonly house: (quantity: HouseQuantity) => number;
  readonly serialNumber: number;
  /** Content of unit 79. */
  readonly dateTime: Uint8Array;
}

/** Factors from the house's units (Wh, l, kg) to the register's. */
const SCALE: Readonly<Record<number, number>> = {
  [UNIT.kiloWattHour]: 1e-3,
  [UNIT.megaWattHour]: 1e-6,
  [UNIT.gigaJoule]: 3.6e-6,
  [UNIT.tenGigaJoules]: 3.6e-7,
  [UNIT.gigaCalorie]: 8.6e-7,
  [UNIT.cubicMetre]: 1e-3,
  [UNIT.tonne]: 1e-3,
};

/** A register as the meter would send it now. */
export function registerContent(
  id: number,
  definition: RegisterDefinition,
  moment: MeterMoment,
): RegisterRecord {
  const { unit, length, decimals, source } = definition;
  if (source === 'dateTime') return { id, unit, signExponent: 0, magnitude: moment.dateTime };
  if (typeof source === 'object' && 'text' in source) {
    const magnitude = Buffer.alloc(length);
    magnitude.write(source.text, 'latin1');
    return { id, unit, signExponent: 0, magnitude };
  }
  const integer =
    typeof source === 'number' || typeof source === 'bigint'
      ? source
      : typeof source === 'object'
        ? quantity(source.of, definition, moment, source)
        : quantity(source, definition, moment);
  return numberRecord(id, unit, BigInt(integer), decimals, length);
}

function quantity(
  source: HouseQuantity | 'serialNumber',
  { unit, decimals, wrapsAt }: RegisterDefinition,
  { house, serialNumber }: MeterMoment,
  { times = 1, since = 0 }: { readonly times?: number; readonly since?: number } = {},
): number {
  if (source === 'serialNumber') return serialNumber;
  const value = (house(source) - since) * times * (SCALE[unit] ?? 1);
  const shown = (wrapsAt === undefined ? value : value % wrapsAt) * 10 ** decimals;
  return COUNTED.has(source) ? Math.floor(shown) : Math.round(shown);
}
