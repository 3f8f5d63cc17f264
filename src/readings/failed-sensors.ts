import { Big } from 'big.js';
import { messageTraits } from '../catalogue/info-codes.ts';
import type { Dependency, MeterPart } from '../catalogue/register.ts';
import { dependenciesOf } from '../catalogue/registers.ts';
import type { InfoTexts } from '../catalogue/texts/texts.ts';
import { fill, unclearText } from './info-stage.ts';
import { type InfoState, InfoTracker } from './info-state.ts';
import type { Stage, StageMaker } from './pipeline.ts';
import { type MeterTraits, type Reading, readingValueText } from './reading.ts';

/** An open sensor reads 185.00 °C (TD403 p.94), on a 601 200.00 °C (nabovarme/MeterLogger). */
const OPEN: readonly Big[] = [new Big(185), new Big(200)];
/** A short-circuited sensor reads 0 (TD403 p.94), as a good one may on a frosty day: believed without a complaint. */
const SHORTED = new Big(0);

interface Failure {
  readonly cause: string;
  /** The meter says so now. Otherwise a value must look like it, too. */
  readonly sure: boolean;
}

type Failures = ReadonlyMap<MeterPart, Failure>;

/** Makes readings unknown that depend on a failed sensor, with the cause in words. */
export function failedSensorsStage(texts: () => InfoTexts): StageMaker {
  return (remembered) => new FailedSensorsStage(texts, new InfoTracker(remembered));
}

class FailedSensorsStage implements Stage {
  private readonly texts: () => InfoTexts;
  private readonly info: InfoTracker;

  constructor(texts: () => InfoTexts, info: InfoTracker) {
    this.texts = texts;
    this.info = info;
  }

  interpret(readings: readonly Reading[], { infoTable }: MeterTraits): readonly Reading[] {
    const isFresh = this.info.update(readings) !== undefined;
    const state = this.info.state(infoTable);
    const named = state === undefined ? new Map() : namedParts(state, isFresh, this.texts());
    const failures = withVisibleFailures(readings, named, this.texts());
    return readings.map((reading) => {
      const failure = failureOf(reading, failures);
      return failure === undefined ? reading : unknown(reading, failure.cause);
    });
  }

  toRemember(): unknown {
    return this.info.toRemember();
  }
}

/** The parts that the info code names. A failure from an earlier reading is not sure: it may be over by now. */
function namedParts(state: InfoState, isFresh: boolean, texts: InfoTexts): Failures {
  const failures = new Map<MeterPart, Failure>();
  const sure = isFresh && state.kind === 'clear';
  for (const message of state.kind === 'clear' ? state.messages : state.suspected) {
    const { fails } = messageTraits(message);
    const cause = state.kind === 'clear' ? texts[message] : unclearText(state, texts);
    if (fails !== undefined && !failures.has(fails)) failures.set(fails, { cause, sure });
  }
  return failures;
}

/** Adds sensors whose own values show that they fail, because results calculated from them are wrong as well. */
function withVisibleFailures(readings: readonly Reading[], named: Failures, texts: InfoTexts): Failures {
  const failures = new Map(named);
  for (const reading of readings) {
    for (const [part, tie] of dependenciesOf(reading.register)) {
      if (tie !== 'temperature' && tie !== 'mean') continue;
      const cause = named.get(part)?.cause ?? openText(part, reading, texts);
      const visible = isOneOf(reading, OPEN) || (named.has(part) && isOneOf(reading, [SHORTED]));
      if (visible && tie === 'temperature') failures.set(part, { cause, sure: true });
      else if (visible && !failures.has(part)) failures.set(part, { cause, sure: false });
    }
  }
  return failures;
}

/** Undefined where the reading can be believed. */
function failureOf(reading: Reading, failures: Failures): Failure | undefined {
  for (const dependency of dependenciesOf(reading.register)) {
    const failure = failures.get(dependency[0]);
    if (failure !== undefined && isSpoilt(reading, dependency, failure)) return failure;
  }
  return undefined;
}

function isSpoilt(reading: Reading, [, tie]: Dependency, { sure }: Failure): boolean {
  if (reading.value.kind !== 'number') return false;
  if (sure && (tie === 'temperature' || tie === 'result')) return true;
  return isOneOf(reading, tie === 'result' || tie === 'flow' ? [SHORTED] : [SHORTED, ...OPEN]);
}

function isOneOf({ value }: Reading, numbers: readonly Big[]): boolean {
  return value.kind === 'number' && numbers.some((number) => value.value.eq(number));
}

function openText(part: MeterPart, { value }: Reading, texts: InfoTexts): string {
  const open = { t1: texts.t1Open, t2: texts.t2Open, t3: texts.t3Open, t4: texts.t4Open };
  const text = open[part as keyof typeof open];
  return fill(text, { value: readingValueText(value) });
}

function unknown(reading: Reading, cause: string): Reading {
  const decimals = 'decimals' in reading.value ? reading.value.decimals : 0;
  return { ...reading, value: { kind: 'unknown', value: null, decimals, cause } };
}
