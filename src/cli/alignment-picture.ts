import { type Alignment, alignmentAdvice } from '../link/alignment.ts';
import { type Io, print, printJson, table } from './io.ts';

type Show = (view: Alignment, serialNumber: string | null) => void;

export function showJson(io: Io): Show {
  return (view, serialNumber) => printJson(io, alignmentJson(view, serialNumber));
}

/** Drawn over itself. */
export function showPicture({ out }: Io): Show {
  let height = 0;
  return (view, serialNumber) => {
    const lines = alignmentPicture(view, serialNumber, out.columns);
    const up = height === 0 ? '' : `\x1b[${height}A`;
    out.write(`${up}${lines.map((line) => `\x1b[2K${line}\n`).join('')}`);
    height = lines.length;
  };
}

/** A line whenever there is something else to do. */
export function showLines(io: Io): Show {
  let printed: string | undefined;
  return (view, serialNumber) => {
    if (view.verdict === printed) return;
    printed = view.verdict;
    print(io.out, alignmentLine(view, serialNumber));
  };
}

const WIDTH = 40;
const HEIGHT = 3;
const WIDEST = 80;
const INDENT = 3;
const ADVICE_WIDTH = 70;

/** To be seen from across the room: a bar as long as the share of answers, and below it what to do next. */
function alignmentPicture(view: Alignment, serialNumber: string | null, columns = WIDEST): string[] {
  const filled = view.asked === 0 ? 0 : Math.round((WIDTH * view.answered) / view.asked);
  const bar = `   ${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)}`;
  const facts = table([
    ['Answers', `${view.answered} of ${view.asked} in the last 10 s`],
    ['Meter', serialNumber ?? 'none has answered yet'],
    ['Own light (echo)', view.echoSeen ? 'comes back' : 'not seen'],
    ['Damaged replies', String(view.damagedReplies)],
    ['Discarded bytes', String(view.discardedBytes)],
    ['Turnaround', view.turnaround === null ? '-' : `${view.turnaround} ms`],
  ]);
  return [
    '',
    ...Array.from({ length: HEIGHT }, () => bar),
    '',
    ...facts.map((line) => `   ${line}`),
    '',
    ...wrapped(alignmentAdvice(view), Math.min(ADVICE_WIDTH, columns - INDENT - 1)).map(
      (line) => `   ${line}`,
    ),
  ];
}

/** The same in one line, for logs and pipes. */
function alignmentLine(view: Alignment, serialNumber: string | null): string {
  const echo = view.echoSeen ? 'echo' : 'no echo';
  const meter = serialNumber === null ? '' : ` of meter ${serialNumber}`;
  return `${view.answered} of ${view.asked} answers${meter}, ${echo}, ${view.damagedReplies} damaged, ${view.discardedBytes} discarded bytes. ${alignmentAdvice(view)}`;
}

function alignmentJson(view: Alignment, serialNumber: string | null): object {
  return { ...view, serialNumber, advice: alignmentAdvice(view) };
}

/** The advice in lines that fit below the bar; always the same number of them, so that nothing jumps. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last.length + word.length + 1 > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`.trimStart();
  }
  const height = Math.ceil((HEIGHT * ADVICE_WIDTH) / width);
  while (lines.length < height) lines.push('');
  return lines;
}
