import {
  DISTINGUISHING_REGISTERS,
  IDENTIFYING_REGISTERS,
  MEASURED_REGISTERS,
  PROFILES,
  TYPE_REGISTERS,
} from '../catalogue/families.ts';
import { METER_MODEL_NAMES, type MeterModelName } from '../catalogue/family.ts';
import { R } from '../catalogue/register.ts';
import { type MeterType, MOST_REGISTERS } from '../kmp/messages.ts';
import type { RegisterRecord } from '../kmp/register.ts';
import { type Reading, readingValueText } from '../readings/reading.ts';
import type { RegisterKnowledge } from './register-plan.ts';

/** Everything that a meter has answered so far and that may identify it. */
export interface MeterEvidence extends RegisterKnowledge {
  /** Its answer to GetType; null for none. */
  readonly type: number | null;
  /** Contents of `IDENTIFYING_REGISTERS`, as text. */
  readonly texts: ReadonlyMap<number, string>;
  /** Bytes of the values of `MEASURED_REGISTERS`. */
  readonly lengths: ReadonlyMap<number, number>;
}

/** Collects what identifies a meter from its answers, of which `readings` are the latest by register. */
export function evidenceOf(
  meter: RegisterKnowledge & { readonly type: MeterType | null | undefined },
  readings: readonly Reading[],
  lengths: ReadonlyMap<number, number>,
): MeterEvidence {
  const texts = new Map<number, string>();
  for (const { register, value } of readings) {
    const text = readingValueText(value);
    if (register !== null && text !== null && IDENTIFYING_REGISTERS.includes(register))
      texts.set(register, text);
  }
  const { present, absent, type } = meter;
  return { present, absent, type: type?.meterType ?? null, texts, lengths };
}

/** Bytes of the values that differ in length between families, by register. */
export function measuredLengths(
  records: readonly RegisterRecord[],
): (readonly [id: number, length: number])[] {
  const measured = records.filter(({ id }) => MEASURED_REGISTERS.includes(id));
  return measured.map(({ id, magnitude }) => [id, magnitude.length]);
}

/** The revision from GetType, or from the software edition where GetType does not tell it. */
export function softwareRevision(
  type: MeterType | null | undefined,
  { texts }: MeterEvidence,
): string | null {
  return type?.softwareRevision ?? revisionOfEdition(texts.get(R.softwareEdition));
}

/**
 * `certain`: by a public type code. `configured`: by its owner. `likely`: by its software edition, or as the only
 * family that fits. `possible`: one of several that fit, or one that has not shown all of its registers yet.
 */
export type Certainty = 'certain' | 'configured' | 'likely' | 'possible' | 'unknown';

export interface Identification {
  /** All that it may be; empty where nothing can be said. */
  readonly models: readonly MeterModelName[];
  readonly certainty: Certainty;
  /** For people: `MULTICAL 303, 403, 603 or 803`; null where nothing can be said. */
  readonly name: string | null;
  /** For people: `by its registers`. */
  readonly why: string;
}

/** Of a meter that nothing can be said of. */
export const NO_MODEL = {
  certainty: 'unknown',
  name: null,
  why: 'nothing that it answered tells its model',
} as const satisfies Omit<Identification, 'models'>;

const AS_CONFIGURED = 'as configured';
/** More than that is no news to people. */
const MOST_NAMED = 5;
/** Type codes of modules that answer in the meter's place (5512-447 section 6.2.1). */
const MODULES = [0x09, 0x16];

/** Decides from the evidence which family a meter belongs to. */
export function identifyModel(
  evidence: MeterEvidence,
  configured: MeterModelName | 'auto' = 'auto',
): Identification {
  if (configured !== 'auto') {
    const { label } = PROFILES[configured];
    const contradiction = modelContradiction(evidence, configured);
    const why = contradiction === undefined ? AS_CONFIGURED : `${AS_CONFIGURED}, but ${contradiction}`;
    return { models: [configured], certainty: 'configured', name: label, why };
  }
  const fitting = byRegisters(evidence);
  const conclusion = conclusive(evidence, fitting);
  if (conclusion !== undefined) return conclusion;
  const shown = fitting.filter((model) => hasShown(model, evidence));
  const name = nameOf(shown);
  if (name === null) return { models: [], ...NO_MODEL };
  const [only, another] = shown;
  const isProven = only !== undefined && another === undefined && isProvenBy(evidence, only);
  const certainty = isProven ? 'likely' : 'possible';
  return { models: shown, certainty, name, why: 'by its registers' };
}

/**
 * `it answers like MULTICAL 603`, where that is not what its owner says; undefined where it may be. Lengths of values
 * alone prove nothing: firmware differs.
 */
export function modelContradiction(evidence: MeterEvidence, configured: MeterModelName): string | undefined {
  const seen = identifyModel(evidence);
  if (seen.models.includes(configured)) return undefined;
  const isConclusive = conclusive(evidence, byRegisters(evidence)) !== undefined;
  if (!isConclusive && fits(configured, evidence)) return undefined;
  return seen.name === null ? 'it does not answer like one' : `it answers like ${seen.name}`;
}

/** Registers that would tell more, in one request; none where the model is clear, or cannot become clearer. */
export function distinguishingRegisters(evidence: MeterEvidence): readonly number[] {
  const { models, certainty } = identifyModel(evidence);
  const candidates = certainty === 'unknown' ? byRegisters(evidence) : models;
  // All that would prove the only one that is left.
  const [unproven] = certainty === 'possible' && models.length === 1 ? models : [];
  const proofs = unproven === undefined ? [] : PROFILES[unproven].signs.someOf.flat();
  const useful = [...new Set([...DISTINGUISHING_REGISTERS, ...proofs])].filter((id) => {
    if (evidence.present.has(id) || evidence.absent.has(id)) return false;
    const judged = new Set(candidates.map((model) => judgement(model, id)));
    return judged.size > 1 || ((certainty === 'unknown' || unproven !== undefined) && judged.has('some'));
  });
  return useful.slice(0, MOST_REGISTERS);
}

/** For a person: which model a meter is, or which ones it may be. */
export interface MeterModel {
  /** `MULTICAL 303 or 403` */
  readonly name: string;
  /** The name lists several models, of which it is one. */
  readonly isOneOfSeveral: boolean;
  readonly certainty: Certainty;
  /** `by its registers` */
  readonly why: string;
}

/** Null where nothing can be said. */
export function modelOf({ models, certainty, name, why }: Identification): MeterModel | null {
  const isOneOfSeveral = models.length > 1 && models.length <= MOST_NAMED;
  return name === null ? null : { name, isOneOfSeveral, certainty, why };
}

/** For a device page: how sure it is stands behind a name that is not sure. */
export function modelText({ certainty, name, why }: MeterModel): string {
  const isSure = certainty === 'certain' || why === AS_CONFIGURED;
  return isSure ? name : `${name} (${why})`;
}

/** Uses type code, software edition and type number, which say more than the registers do. */
function conclusive(evidence: MeterEvidence, fitting: readonly MeterModelName[]): Identification | undefined {
  return byTypeCode(evidence.type) ?? byEdition(evidence, fitting) ?? byTypeText(evidence, fitting);
}

function byTypeCode(type: number | null): Identification | undefined {
  if (type === null) return undefined;
  const hit = codeOf(type);
  return hit && { models: [hit.model], certainty: 'certain', name: hit.label, why: 'by its type code' };
}

function codeOf(type: number): { model: MeterModelName; label: string } | undefined {
  for (const model of METER_MODEL_NAMES) {
    const code = PROFILES[model].typeCodes.find(({ code, mask }) => (type & mask) === code);
    if (code !== undefined) return { model, label: code.label };
  }
  return undefined;
}

function byRegisters(evidence: MeterEvidence): readonly MeterModelName[] {
  const fitting = METER_MODEL_NAMES.filter((model) => fits(model, evidence));
  const measured = fitting.filter((model) => measuresLike(model, evidence));
  return measured.length > 0 ? measured : fitting;
}

function measuresLike(model: MeterModelName, { lengths }: MeterEvidence): boolean {
  return Object.entries(PROFILES[model].signs.lengths).every(
    ([id, length]) => (lengths.get(Number(id)) ?? length) === length,
  );
}

/** The only family left is not yet the right one: where its values are of another length, all else has to be there. */
function isProvenBy(evidence: MeterEvidence, model: MeterModelName): boolean {
  const { someOf } = PROFILES[model].signs;
  return (
    measuresLike(model, evidence) || someOf.every((group) => group.some((id) => evidence.present.has(id)))
  );
}

function fits(model: MeterModelName, { present, absent, type }: MeterEvidence): boolean {
  const { someOf, never } = PROFILES[model].signs;
  // All codes of a 601 are public: who answers with another one is none.
  if (model === '601' && type !== null && !MODULES.includes(type >> 8)) return false;
  return (
    never.every((id) => !present.has(id)) && someOf.every((group) => group.some((id) => !absent.has(id)))
  );
}

/** Only registers that are there count: leaving nothing out is no sign of a family. */
function hasShown(model: MeterModelName, { present }: MeterEvidence): boolean {
  return PROFILES[model].signs.someOf[0]?.some((id) => present.has(id)) ?? false;
}

/** 5098-PPPP, letter and number as decimal PPPPLLNN (TD403 p. 68); with electricity meters PPPP is the type code. */
function byEdition({ texts }: MeterEvidence, fitting: readonly MeterModelName[]): Identification | undefined {
  const program = texts.get(R.softwareEdition)?.padStart(8, '0').slice(0, 4);
  if (program === undefined) return undefined;
  const coded = codeOf(Number.parseInt(program, 16));
  const model = fitting.find(
    (each) =>
      PROFILES[each].programs.includes(program) ||
      (PROFILES[each].kind === 'electricity' && coded?.model === each),
  );
  return model && likely(model, 'by its software edition');
}

function byTypeText(
  { texts }: MeterEvidence,
  fitting: readonly MeterModelName[],
): Identification | undefined {
  const said = TYPE_REGISTERS.flatMap((id) => texts.get(id) ?? []);
  const model = fitting.find((each) => said.some((text) => PROFILES[each].typeText?.test(text)));
  return model && likely(model, 'by its type number');
}

function likely(model: MeterModelName, why: string): Identification {
  return { models: [model], certainty: 'likely', name: PROFILES[model].label, why };
}

/**
 * `MULTICAL 21, flowIQ 21xx, 22xx or 31xx`: a word in front of several numbers is said once. Null for none, or for a meter of
 * which not even its kind is known.
 */
function nameOf(models: readonly MeterModelName[]): string | null {
  if (models.length > MOST_NAMED) {
    const kinds = new Set(models.map((model) => PROFILES[model].kind));
    return kinds.size === 1 ? `Kamstrup ${[...kinds].join()} meter` : null;
  }
  let brand = '';
  const words = models.map((model) => {
    const { label } = PROFILES[model];
    const said = brand !== '' && label.startsWith(brand) ? label.slice(brand.length) : label;
    brand = label.includes(' ') ? label.slice(0, label.indexOf(' ') + 1) : '';
    return said;
  });
  const last = words.pop() ?? null;
  return words.length === 0 ? last : `${words.join(', ')} or ${last}`;
}

function judgement(model: MeterModelName, id: number): string {
  const { someOf, never } = PROFILES[model].signs;
  if (never.includes(id)) return 'never';
  return someOf.some((group) => group.includes(id)) ? 'some' : 'open';
}

/**
 * The revision in the software edition, decimal PPPPLLNN (TD403 p. 68): 14540201 is program 5098-1454 B1. Null for what
 * is no such number. Needed where GetType answers with zeros, as a 403 does.
 */
export function revisionOfEdition(edition: string | undefined): string | null {
  const [, letter = '', number = ''] = /^\d{1,4}(\d\d)(\d\d)$/.exec(edition ?? '') ?? [];
  const index = Number(letter);
  return index >= 1 && index <= 26 ? `${String.fromCharCode(64 + index)}${Number(number)}` : null;
}
