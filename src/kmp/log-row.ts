import { encodeRegisterRecord, type RegisterRecord, readRegisterRecord } from './register.ts';

/** One row of a meter's log. The records are complete: the format of the first row of a page is put into all. */
export interface LogRow {
  /** The meter's own number. */
  readonly id: number;
  readonly records: readonly RegisterRecord[];
}

type Records = readonly RegisterRecord[];

interface Taken {
  readonly records: Records;
  /** The offset behind them. */
  readonly end: number;
}

/** `count` records, each with its format. Undefined where the bytes do not hold them. */
export function takeRecords(bytes: Uint8Array, start: number, count: number): Taken | undefined {
  const records: RegisterRecord[] = [];
  let end = start;
  for (let index = 0; index < count; index++) {
    const taken = readRegisterRecord(bytes, end);
    if (taken === undefined) return undefined;
    records.push(taken.record);
    end = taken.end;
  }
  return { records, end };
}

/** Values alone, in the formats of the records of an earlier row. */
export function takeValues(bytes: Uint8Array, start: number, formats: Records): Taken | undefined {
  let end = start;
  const records = formats.map((format) => {
    const magnitude = bytes.slice(end, end + format.magnitude.length);
    end += format.magnitude.length;
    return { ...format, magnitude };
  });
  return end > bytes.length ? undefined : { records, end };
}

export function recordBytes(records: Records): number[] {
  return records.flatMap(encodeRegisterRecord);
}

/** RangeError where the records have other formats than `formats`: without their own they would be read wrongly. */
export function valueBytes(records: Records, formats: Records): number[] {
  if (!sameFormats(records, formats)) throw new RangeError('the formats of a log change within a page');
  return records.flatMap(({ magnitude }) => [...magnitude]);
}

/** Whether one row can be sent with the formats of the other. */
export function sameFormats(records: Records, formats: Records): boolean {
  return (
    records.length === formats.length &&
    records.every(({ id, unit, signExponent, magnitude }, index) => {
      const format = formats[index];
      return (
        format !== undefined &&
        id === format.id &&
        unit === format.unit &&
        signExponent === format.signExponent &&
        magnitude.length === format.magnitude.length
      );
    })
  );
}
