import { Big } from 'big.js';
import type { InfoTableName } from '../catalogue/family.ts';
import {
  DURATION_NAMES,
  type DurationName,
  durationsIn,
  IN_HOUR_COUNTER,
  IN_SHORT_CODE,
} from '../catalogue/problem-durations.ts';
import { R } from '../catalogue/register.ts';
import { infoNumber, isEmptyRegister } from './info-state.ts';
import { derivedReading, type Stage } from './pipeline.ts';
import type { MeterTraits, Reading, ReadingValue } from './reading.ts';

/** In more bytes an info code holds no durations. */
const BYTES_OF_SHORT_CODE = 2;

const NEVER_WRITTEN: ReadingValue = {
  kind: 'unknown',
  value: null,
  decimals: 0,
  cause: 'The register is full of ones: the meter has never written it.',
};

/** Adds for how many hours at least a water meter has had each of its problems. */
export function durationsStage(): Stage {
  return new DurationsStage();
}

class DurationsStage implements Stage {
  private table: InfoTableName | null | undefined;
  /** Kept, because a meter may show its family only after they were read. */
  private readonly sources = new Map<number, Reading>();

  interpret(readings: readonly Reading[], { infoTable: table }: MeterTraits): readonly Reading[] {
    const fresh = readings.filter(
      ({ register }) => register === R.infoCode || register === R.infoHourCounter,
    );
    for (const reading of fresh) if (reading.register !== null) this.sources.set(reading.register, reading);
    const sources = table === this.table ? fresh : [...this.sources.values()];
    this.table = table;
    if (table !== 'water') return readings;
    const durations = new Map(sources.flatMap(durationsOf).map((reading) => [reading.quantity, reading]));
    return [...readings, ...durations.values()];
  }

  /** Those of a meter that turned out to be of another family. */
  get withdrawn(): readonly DurationName[] {
    return this.table === undefined || this.table === 'water' ? [] : DURATION_NAMES;
  }
}

function durationsOf(source: Reading): readonly Reading[] {
  const { register, bytes, readAt } = source;
  const number = infoNumber(source);
  if (number === undefined || (register === R.infoCode && bytes !== BYTES_OF_SHORT_CODE)) return [];
  const places = register === R.infoCode ? IN_SHORT_CODE : IN_HOUR_COUNTER;
  return durationsIn(number.code, places).map(([name, hours]) =>
    derivedReading(name, {
      value: isEmptyRegister(number) ? NEVER_WRITTEN : { kind: 'number', value: new Big(hours), decimals: 0 },
      unit: 'h',
      readAt,
    }),
  );
}
