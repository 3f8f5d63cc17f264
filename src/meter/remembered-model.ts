import type { MeterConfig } from './config.ts';
import { evidenceOf, identifyModel, type MeterModel, modelOf } from './identification.ts';
import type { RememberedMeter } from './meter-store.ts';

type Remembered = Pick<RememberedMeter, 'type' | 'present' | 'absent' | 'lengths' | 'latest'>;

/** What a bridge takes a meter for of which it remembers this, undefined for nothing; without asking the meter. */
export function rememberedModel(
  remembered: Remembered | undefined,
  configured: MeterConfig['model'],
): MeterModel | null {
  const { type, present, absent, lengths, latest = [] } = remembered ?? {};
  const knowledge = { type, present: new Set(present), absent: new Set(absent) };
  return modelOf(identifyModel(evidenceOf(knowledge, latest, new Map(lengths)), configured));
}
