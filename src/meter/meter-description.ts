import {
  IDENTIFYING_REGISTERS,
  MEASURED_REGISTERS,
  OFTEN_LOOKED_FOR,
  PROFILES,
  sharedProfile,
} from '../catalogue/families.ts';
import {
  ELECTRICITY_FIRST,
  type FirstRequest,
  type MeterKind,
  UNKNOWN_FIRST,
  WATER_FIRST,
} from '../catalogue/family.ts';
import { R } from '../catalogue/register.ts';
import { type MeterType, MOST_REGISTERS } from '../kmp/messages.ts';
import { type Reading, readingValueText } from '../readings/reading.ts';
import { omittedIn, readingsOf, type StampedBatch } from './ask.ts';
import type { MeterConfig } from './config.ts';
import {
  type Certainty,
  distinguishingRegisters,
  evidenceOf,
  identifyModel,
  type MeterEvidence,
  measuredLengths,
  softwareRevision,
} from './identification.ts';
import { isElectricity, mainRegisters } from './register-plan.ts';

export interface MeterDescription {
  readonly serialNumber: string;
  /** The code of GetType; null where the meter does not answer it. */
  readonly type: number | null;
  /** For people; null where nothing that it answered tells. */
  readonly model: string | null;
  readonly certainty: Certainty;
  /** The evidence for the model. */
  readonly why: string;
  /** Null where it cannot be told. */
  readonly kind: MeterKind | null;
  readonly softwareRevision: string | null;
  /** Advice on its eye: several where the families that it may be of differ, none where too many do. */
  readonly eye: readonly string[];
}

const MOST_ADVICE = 2;

/** Describes a meter by its type and by the registers that it answered and left out. */
export function describeMeter(
  serialNumber: string,
  type: MeterType | null,
  batches: readonly StampedBatch[] = [],
  configured: MeterConfig['model'] = 'auto',
): MeterDescription {
  const evidence = evidenceIn(type, batches);
  const { models, certainty, name, why } = identifyModel(evidence, configured);
  const { kind } = sharedProfile(models);
  const advice = [...new Set(models.map((model) => PROFILES[model].eye.advice))];
  return {
    serialNumber,
    type: type?.meterType ?? null,
    model: name,
    certainty,
    why,
    kind: kind ?? null,
    softwareRevision: softwareRevision(type, evidence),
    eye: advice.length <= MOST_ADVICE ? advice : [],
  };
}

/** All that the answers tell of the meter; a register on which it falls silent is one that it does not have. */
export function evidenceIn(type: MeterType | null, batches: readonly StampedBatch[]): MeterEvidence {
  const records = batches.flatMap((batch) => batch.records);
  const present = new Set(records.map(({ id }) => id));
  const absent = new Set(omittedIn({ batches }));
  const lengths = new Map(measuredLengths(records));
  return evidenceOf({ type, present, absent }, readingsOf({ batches }), lengths);
}

/** Where it may be one of several families. */
const FIRST_OF: Readonly<Record<MeterKind, FirstRequest>> = {
  heat: UNKNOWN_FIRST,
  water: WATER_FIRST,
  electricity: ELECTRICITY_FIRST,
};

const NOTHING_KNOWN = { present: new Set<number>(), absent: new Set<number>() };

/** Registers that a person would look for on a meter that answered so, and that were not asked for yet. */
export function lookedFor(
  type: MeterType | null,
  batches: readonly StampedBatch[],
  configured: MeterConfig['model'],
): readonly number[] {
  const evidence = evidenceIn(type, batches);
  const {
    first,
    details,
    kind = isElectricity(evidence) ? 'electricity' : 'heat',
  } = sharedProfile(identifyModel(evidence, configured).models);
  const table = details ?? (kind === 'electricity' ? 'electricity' : 'heat');
  const main = first ?? FIRST_OF[kind];
  return unasked([...mainRegisters(NOTHING_KNOWN, main), ...OFTEN_LOOKED_FOR[table]], evidence);
}

/** Registers that would tell the model, in one request; none where it is clear, or cannot become clearer. */
export function tellingModel(type: MeterType | null, batches: readonly StampedBatch[]): readonly number[] {
  const evidence = evidenceIn(type, batches);
  const { certainty } = identifyModel(evidence);
  const isOpen = certainty === 'possible' || certainty === 'unknown';
  const contents = isOpen ? unasked([...IDENTIFYING_REGISTERS, ...MEASURED_REGISTERS], evidence) : [];
  return [...new Set([...contents, ...distinguishingRegisters(evidence)])].slice(0, MOST_REGISTERS);
}

function unasked(ids: readonly number[], { present, absent }: MeterEvidence): readonly number[] {
  return [...new Set(ids)].filter((id) => !present.has(id) && !absent.has(id));
}

const DIGITS_PER_REGISTER = 8;

/** The utility's number of the customer: one register on newer meters, two halves on others. Null where there is none. */
export function customerNumber(readings: readonly Reading[]): string | null {
  const textOf = (id: number): string | null => {
    const reading = readings.find(({ register }) => register === id);
    return reading === undefined ? null : readingValueText(reading.value);
  };
  const [whole, first, last] = [
    textOf(R.customerNumber),
    textOf(R.customerNumberHigh),
    textOf(R.customerNumberLow),
  ];
  if (whole !== null && whole !== '') return whole;
  if (last === null) return first;
  return first === null || first === '0' ? last : `${first}${last.padStart(DIGITS_PER_REGISTER, '0')}`;
}
