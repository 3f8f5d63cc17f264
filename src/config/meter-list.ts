import { applyKeys } from './apply-keys.ts';
import { batteryFaults } from './battery-faults.ts';
import type { MeterConfig } from './config.ts';
import type { ConfigKeys } from './config-key.ts';
import type { Fault } from './fault.ts';
import { contradictions } from './meter-contradictions.ts';
import { pickKnown } from './pick-known.ts';
import { renderFaults } from './render-faults.ts';
import { sameMeters } from './same-meters.ts';
import type { TextValue } from './text-layer.ts';
import { textLayer } from './text-layer.ts';
import { unitsOf } from './unit-kinds.ts';

const NONE = 'meters: no meter is configured; add one to the list "meters" in the file, or set METER_PORT';

/** The meters of the file, or the single one that environment and command line name or change. */
export function meterList(
  found: readonly unknown[],
  texts: readonly TextValue[],
  keys: ConfigKeys,
): { meters: readonly MeterConfig[]; problems: readonly string[] } {
  if (found.length === 0 && texts.length === 0) return { meters: [], problems: [NONE] };
  const { values, origins } = textLayer(keys, found.length > 1 ? [] : texts);
  const applied = (found.length === 0 ? [{}] : found).map((one, index) => {
    const at = `meters[${index}]`;
    const known = pickKnown(one, keys);
    const { values: meter, faults } = applyKeys<MeterConfig>(keys, [known.values, values]);
    const all = isRefused(known.faults)
      ? known.faults
      : [...known.faults, ...faults, ...contradictions(meter), ...batteryFaults(meter)];
    return { meter, refused: isRefused(known.faults), problems: renderFaults(all, { at, origins }) };
  });
  const meters = applied.map(({ meter }) => meter);
  const problems = [
    ...applied.flatMap((one) => one.problems),
    ...(found.length > 1 && texts.length > 0 ? [ambiguous(texts, found.length)] : []),
    ...(applied.some(({ refused }) => refused) ? [] : sameMeters(meters)),
  ];
  return { meters: problems.length > 0 ? [] : meters.map(numbered), problems };
}

/** Not an object at all: that its keys are missing too is no news. */
function isRefused(faults: readonly Fault[]): boolean {
  return faults.some(({ path }) => path === '');
}

function ambiguous(texts: readonly TextValue[], count: number): string {
  const names = texts.map(({ path, origin }) =>
    origin === 'command line' ? `meter.${path} (${origin})` : origin,
  );
  return `${[...new Set(names)].join(', ')}: for a single meter only, but the file has ${count}; remove this and set the keys of each meter in the file`;
}

/** Addresses and registers may be written "0x3F", and units in several ways. */
function numbered(meter: MeterConfig): MeterConfig {
  return {
    ...meter,
    address: Number(meter.address),
    units: unitsOf(meter.units),
    registers: meter.registers === 'auto' ? 'auto' : meter.registers.map(Number),
  };
}
