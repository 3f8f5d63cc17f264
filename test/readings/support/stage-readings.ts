import type { InfoTableName } from '../../../src/catalogue/family.ts';
import type { Stage } from '../../../src/readings/pipeline.ts';
import type { MeterTraits, Reading } from '../../../src/readings/reading.ts';
import { number, reading } from './readings.ts';

const UNITS: Readonly<Record<number, string>> = {
  74: 'l/h',
  75: 'l/h',
  80: 'kW',
  89: 'K',
  400: 'K',
  60: 'GJ',
};

const INFO: readonly number[] = [99, 369, 409];

/** What a meter showed in some registers; temperatures unless the table says otherwise. `bytes`: of its info registers. */
export function shown(values: Readonly<Record<number, string>>, bytes = 4): Reading[] {
  return Object.entries(values).map(([id, text]) => {
    const isInfo = INFO.includes(Number(id));
    const shown = reading(Number(id), number(text), UNITS[Number(id)] ?? (isInfo ? '' : '°C'));
    return isInfo ? { ...shown, bytes } : shown;
  });
}

export function traits(infoTable: InfoTableName | null): MeterTraits {
  return { kind: 'heat', infoTable };
}

/** What a stage makes of readings, by quantity: numbers and texts as they are, `unknown: cause` for what is not believed. */
export function made(
  stage: Stage,
  values: Readonly<Record<number, string>>,
  infoTable: InfoTableName | null,
  bytes?: number,
): Record<string, string | boolean | null> {
  const readings = stage.interpret(shown(values, bytes), traits(infoTable));
  return Object.fromEntries(readings.map(({ quantity, value }) => [quantity, textOf(value)]));
}

function textOf(value: Reading['value']): string | boolean | null {
  if (value.kind === 'unknown') return `unknown: ${value.cause}`;
  return value.kind === 'number' ? value.value.toFixed(value.decimals) : value.value;
}
