import uPlot from 'uplot';
import type { Drawing } from './chart.ts';
import { barDrawing, lineDrawing, type Quantity } from './drawings.ts';
import { type Answered, type Asked, fetchHistory } from './history-data.ts';

/** What came, with what it was asked for: an old number never stands under a new title. */
export interface Answer {
  readonly asked: Asked;
  /** All whose values there are, in the order of what was asked. */
  readonly shown: readonly Quantity[];
  readonly answered: Answered;
  readonly drawing: Drawing;
}

/** Undefined where `asked` has its answer still to come. */
export function answerTo(asked: Asked | undefined, answer: Answer | undefined): Answer | undefined {
  return JSON.stringify(asked) === JSON.stringify(answer?.asked) ? answer : undefined;
}

export async function fetchAnswer(
  asked: Asked,
  shown: readonly Quantity[],
  signal: AbortSignal,
): Promise<Answer> {
  const answered = await fetchHistory(asked, signal);
  return { asked, shown, answered, drawing: drawn(asked, shown, answered) };
}

/** Where one line has a gap, the points of another do not close it. */
const EXPAND = 2;

function joined(tables: uPlot.AlignedData[]): uPlot.AlignedData {
  return uPlot.join(
    tables,
    tables.map((table) => table.map(() => EXPAND)),
  );
}

function drawn({ by, view, zone }: Asked, shown: readonly Quantity[], answered: Answered): Drawing {
  if (answered.kind === 'lines') return lineDrawing(answered.courses, view, shown, zone, joined);
  const paths = uPlot.paths.bars ?? (() => () => null);
  return barDrawing(answered, by, shown[0], zone, paths);
}
