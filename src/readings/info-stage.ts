import { type DerivedQuantity, derivedQuantity } from '../catalogue/derived-quantities.ts';
import {
  messageTraits,
  PROBLEM_GROUPS,
  type ProblemGroup,
  problemQuantity,
} from '../catalogue/info-codes.ts';
import { groupsOf, type InfoTable, infoTable } from '../catalogue/info-tables.ts';
import { type InfoTexts, LONGEST_STATE } from '../catalogue/texts/texts.ts';
import { type InfoState, InfoTracker } from './info-state.ts';
import type { Stage, StageMaker } from './pipeline.ts';
import type { MeterTraits, Reading, ReadingValue } from './reading.ts';

/** On for whatever the meter complains of. */
const ANY_PROBLEM = 'problem';

/** Adds the meter's complaints in words, and a flag for each kind of problem that its family knows. */
export function infoStage(texts: () => InfoTexts): StageMaker {
  return (remembered) => new InfoStage(texts, new InfoTracker(remembered));
}

class InfoStage implements Stage {
  private readonly texts: () => InfoTexts;
  private readonly info: InfoTracker;
  /** Kept with its table, because a meter may show its family only after its code was read. */
  private source: Reading | undefined;
  private table: MeterTraits['infoTable'] | undefined;

  constructor(texts: () => InfoTexts, info: InfoTracker) {
    this.texts = texts;
    this.info = info;
  }

  interpret(readings: readonly Reading[], { infoTable: table }: MeterTraits): readonly Reading[] {
    const source = this.info.update(readings) ?? (table === this.table ? undefined : this.source);
    this.source = source ?? this.source;
    this.table = table;
    const state = this.info.state(table);
    if (source === undefined || state === undefined) return readings;
    const messages = statements(state, this.texts());
    // A failed sensor may show by its values alone.
    const causes = readings.flatMap(({ value }) =>
      value.kind === 'unknown' && value.inPlace === undefined ? [value.cause] : [],
    );
    const all = [...new Set([...messages, ...causes])];
    const text = infoText(all, this.texts());
    return [
      ...readings,
      derived('info', { kind: 'text', value: text }, source),
      ...this.flags(state, table, all, text).map(([quantity, value]) => derived(quantity, value, source)),
    ];
  }

  /** Problems that the meter's family, as it is known by now, does not have. */
  get withdrawn(): readonly string[] {
    if (this.table === undefined || !this.hasList) return [];
    const known = this.problems(this.table);
    const single = PROBLEM_GROUPS.filter((group) => !known.includes(group)).map(problemQuantity);
    return known.length === 0 ? [ANY_PROBLEM, ...single] : single;
  }

  /** False while nothing explains a code of so many bytes: what was known of it before may still be true. */
  private get hasList(): boolean {
    return this.table === null || (this.table !== undefined && this.listOf(this.table) !== undefined);
  }

  toRemember(): unknown {
    return this.info.toRemember();
  }

  /** Whether there is any problem, and of each single one; none where no list says what a code stands for. */
  private flags(
    state: InfoState,
    table: MeterTraits['infoTable'],
    all: readonly string[],
    text: string,
  ): readonly (readonly [quantity: string, value: ReadingValue])[] {
    const groups = this.problems(table);
    if (groups.length === 0) return [];
    return [
      [ANY_PROBLEM, anyProblem(state, all, text)],
      ...groups.map((group) => [problemQuantity(group), problem(group, state, text)] as const),
    ];
  }

  /** Those that a code can tell of that is read with this table. */
  private problems(name: MeterTraits['infoTable']): readonly ProblemGroup[] {
    const list = this.listOf(name);
    return list === undefined ? [] : groupsOf(list);
  }

  private listOf(name: MeterTraits['infoTable']): InfoTable | undefined {
    return name === null ? undefined : infoTable(name, this.info.bytes);
  }
}

/** Unknown where the code is one of a register that was never written: it says nothing at all. */
function anyProblem(state: InfoState, all: readonly string[], cause: string): ReadingValue {
  const saysNothing = state.kind === 'unclear' && state.suspected.length === 0;
  if (saysNothing) return { kind: 'unknown', value: null, decimals: 0, cause };
  return { kind: 'flag', value: all.length > 0 };
}

/** Unknown for a code that cannot be understood: any problem may be behind it. */
function problem(group: ProblemGroup, state: InfoState, cause: string): ReadingValue {
  if (state.kind === 'unclear') return { kind: 'unknown', value: null, decimals: 0, cause };
  return { kind: 'flag', value: state.messages.some((each) => messageTraits(each).groups.includes(group)) };
}

function derived(quantity: string, value: ReadingValue, { readAt }: Reading): Reading {
  // Every quantity must be in the list, or it could not be restored after a restart.
  const { label, nature } = derivedQuantity(quantity) as DerivedQuantity;
  return { quantity, label, nature, register: null, value, unit: '', readAt };
}

export const SEPARATOR = '; ';

/** Fills `{code}` and the like in a text. */
export function fill(text: string, values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values).reduce(
    (filled, [name, value]) => filled.replace(`{${name}}`, String(value)),
    text,
  );
}

/** One text for each complaint of the info code; none where all is well. */
export function statements(state: InfoState, texts: InfoTexts): readonly string[] {
  if (state.kind === 'unclear') return [unclearText(state, texts)];
  return [
    // First, so that the limit of length never cuts them.
    ...state.unknownBits.map((code) => fill(texts.unknownInfo, { code })),
    ...state.messages.map((message) => texts[message]),
  ];
}

/** Says that a code cannot be understood. */
export function unclearText(
  { code, reason }: Extract<InfoState, { kind: 'unclear' }>,
  texts: InfoTexts,
): string {
  return fill(reason === 'no table' ? texts.infoCode : texts.unclearCode, { code });
}

/** Joins statements, and leaves out whole ones beyond the length that Home Assistant accepts. */
function infoText(all: readonly string[], texts: InfoTexts): string {
  if (all.length === 0) return texts.noError;
  for (let shown = all.length; ; shown--) {
    const left = all.length - shown;
    const text = [...all.slice(0, shown), ...(left > 0 ? [fill(texts.more, { count: left })] : [])].join(
      SEPARATOR,
    );
    // A single statement is far shorter.
    if (text.length <= LONGEST_STATE || shown === 1) return text;
  }
}
