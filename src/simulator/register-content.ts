import { numberRecord, type RegisterRecord } from '../kmp/register-record.ts';
import { UNIT } from '../kmp/units.ts';
import { COUNTED, type HouseQuantity, type HouseValues } from './house-values.ts';
import type { RegisterDefinition } from './models/meter-model.ts';

/** All that the registers of one request are made of, so that they fit together. */
export interface Snapshot {
  readonly house: HouseValues;
  readonly serialNumber: number;
  /** Content of unit 79. */
  readonly dateTime: Uint8Array;
}

/** From the house's units (Wh, l, kg) to the register's. */
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
  snapshot: Snapshot,
): RegisterRecord {
  const { unit, length, decimals, source } = definition;
  if (source === 'dateTime') return { id, unit, signExponent: 0, magnitude: snapshot.dateTime };
  if (typeof source === 'object' && 'text' in source) {
    const magnitude = Buffer.alloc(length);
    magnitude.write(source.text, 'latin1');
    return { id, unit, signExponent: 0, magnitude };
  }
  const integer =
    typeof source === 'number' || typeof source === 'bigint'
      ? source
      : typeof source === 'object'
        ? quantity(source.of, definition, snapshot, source.times)
        : quantity(source, definition, snapshot);
  return numberRecord(id, unit, BigInt(integer), decimals, length);
}

function quantity(
  source: HouseQuantity | 'serialNumber',
  { unit, decimals, wrapsAt }: RegisterDefinition,
  { house, serialNumber }: Snapshot,
  times = 1,
): number {
  if (source === 'serialNumber') return serialNumber;
  const value = house[source] * times * (SCALE[unit] ?? 1);
  const shown = (wrapsAt === undefined ? value : value % wrapsAt) * 10 ** decimals;
  return COUNTED.has(source) ? Math.floor(shown) : Math.round(shown);
}
