import {
  type Certainty,
  identifyModel,
  MEASURED_REGISTERS,
  type MeterEvidence,
  TELLING_REGISTERS,
} from '../meter/identification.ts';
import type { MeterType, RegisterBatch } from '../meter/meter-client.ts';
import { PROFILES } from '../meter/profiles/profiles.ts';
import { sharedProfile } from '../meter/profiles/shared-profile.ts';
import { revisionOfEdition, SOFTWARE_EDITION } from '../meter/software-edition.ts';
import { readingValueText } from '../readings/reading-value.ts';
import { takeReading } from '../readings/take-reading.ts';
import type { MeterKind } from '../shared/meter-kind.ts';

export interface MeterDescription {
  readonly serialNumber: string;
  /** The code of GetType; null where the meter does not answer it. */
  readonly type: number | null;
  /** For people; null where nothing that it answered tells. */
  readonly model: string | null;
  readonly certainty: Certainty;
  /** What the model was told by. */
  readonly why: string;
  /** Null where it cannot be told. */
  readonly kind: MeterKind | null;
  readonly softwareRevision: string | null;
  /** What to know of its eye: several where the families that it may be of differ, none where too many do. */
  readonly eye: readonly string[];
}

const MOST_ADVICE = 2;

/** Who a meter is, by its type and by what it answered and left out. */
export function describeMeter(
  serialNumber: string,
  type: MeterType | null,
  batches: readonly RegisterBatch[] = [],
): MeterDescription {
  const evidence = evidenceOf(type, batches);
  const { models, certainty, name, why } = identifyModel(evidence);
  const { kind } = sharedProfile(models);
  const advice = [...new Set(models.map((model) => PROFILES[model].eye.advice))];
  return {
    serialNumber,
    type: type?.meterType ?? null,
    model: name,
    certainty,
    why,
    kind: kind ?? null,
    softwareRevision: type?.softwareRevision ?? revisionOfEdition(evidence.texts.get(SOFTWARE_EDITION)),
    eye: advice.length <= MOST_ADVICE ? advice : [],
  };
}

export function evidenceOf(type: MeterType | null, batches: readonly RegisterBatch[]): MeterEvidence {
  const records = batches.flatMap((batch) => batch.records);
  const telling = records.filter(({ id }) => TELLING_REGISTERS.includes(id));
  const measured = records.filter(({ id }) => MEASURED_REGISTERS.includes(id));
  return {
    type: type?.meterType ?? null,
    present: new Set(records.map(({ id }) => id)),
    absent: new Set(batches.flatMap(({ absent }) => absent)),
    texts: new Map(
      telling.map((record) => [record.id, readingValueText(takeReading(record, 0).value) ?? '']),
    ),
    lengths: new Map(measured.map(({ id, magnitude }) => [id, magnitude.length])),
  };
}
