import { type DerivedQuantity, derivedQuantity } from '../derived-quantities.ts';
import type { InterpretationStage, StageMaker } from '../interpretation.ts';
import type { MeterTraits } from '../meter-traits.ts';
import type { Reading } from '../reading.ts';
import type { ReadingValue } from '../reading-value.ts';
import { messageTraits } from './info-messages.ts';
import type { InfoState } from './info-state.ts';
import { groupsOf, infoTable } from './info-tables.ts';
import { infoText, statements } from './info-text.ts';
import { KnownInfo } from './known-info.ts';
import { PROBLEM_GROUPS, type ProblemGroup, problemQuantity } from './problem-groups.ts';
import type { InfoTexts } from './texts/info-texts.ts';

/** Adds what the meter complains about: in words, and each kind of problem that its family knows as a flag. */
export function infoStage(texts: InfoTexts): StageMaker {
  return (remembered) => new InfoStage(texts, new KnownInfo(remembered));
}

class InfoStage implements InterpretationStage {
  private readonly texts: InfoTexts;
  private readonly info: KnownInfo;
  /** What was read last, and how: a meter may show its family only after it has told its code. */
  private source: Reading | undefined;
  private table: MeterTraits['infoTable'] | undefined;

  constructor(texts: InfoTexts, info: KnownInfo) {
    this.texts = texts;
    this.info = info;
  }

  interpret(readings: readonly Reading[], { infoTable: table }: MeterTraits): readonly Reading[] {
    const source = this.info.take(readings) ?? (table === this.table ? undefined : this.source);
    this.source = source ?? this.source;
    this.table = table;
    const state = this.info.state(table);
    if (source === undefined || state === undefined) return readings;
    const said = statements(state, this.texts);
    // A failed sensor may show by its values alone.
    const causes = readings.flatMap(({ value }) => (value.kind === 'unknown' ? [value.cause] : []));
    const text = infoText([...new Set([...said, ...causes])], this.texts);
    return [
      ...readings,
      derived('info', { kind: 'text', value: text }, source),
      ...problemGroupsOf(table).map((group) =>
        derived(problemQuantity(group), problem(group, state, text), source),
      ),
    ];
  }

  /** Problems that only another family knows than the one that the meter is taken for by now. */
  get withdrawn(): readonly string[] {
    if (this.table === undefined) return [];
    const known = problemGroupsOf(this.table);
    return PROBLEM_GROUPS.filter((group) => !known.includes(group)).map(problemQuantity);
  }

  toRemember(): unknown {
    return this.info.toRemember();
  }
}

function problemGroupsOf(table: MeterTraits['infoTable']): readonly ProblemGroup[] {
  return table === null ? [] : groupsOf(infoTable(table));
}

/** With a code that cannot be understood, each of them may be the matter. */
function problem(group: ProblemGroup, state: InfoState, cause: string): ReadingValue {
  if (state.kind === 'unclear') return { kind: 'unknown', value: null, decimals: 0, cause };
  return { kind: 'flag', value: state.messages.some((each) => messageTraits(each).groups.includes(group)) };
}

function derived(quantity: string, value: ReadingValue, { readAt }: Reading): Reading {
  // Listed, or it could not be restored after a restart.
  const { label, nature } = derivedQuantity(quantity) as DerivedQuantity;
  return { quantity, label, nature, register: null, value, unit: '', readAt };
}
