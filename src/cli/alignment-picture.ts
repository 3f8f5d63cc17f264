import { type Alignment, alignmentAdvice } from '../app/alignment.ts';
import { table } from './table.ts';

const WIDTH = 40;
const HEIGHT = 3;

/** To be seen from across the room: a bar as long as the share of answers, and below it what to do next. */
export function alignmentPicture(view: Alignment, serialNumber: string | null): string[] {
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
    ...wrapped(alignmentAdvice(view)).map((line) => `   ${line}`),
  ];
}

/** The same in one line, for logs and pipes. */
export function alignmentLine(view: Alignment, serialNumber: string | null): string {
  const echo = view.echoSeen ? 'echo' : 'no echo';
  const meter = serialNumber === null ? '' : ` of meter ${serialNumber}`;
  return `${view.answered} of ${view.asked} answers${meter}, ${echo}, ${view.damagedReplies} damaged, ${view.discardedBytes} discarded bytes. ${alignmentAdvice(view)}`;
}

export function alignmentJson(view: Alignment, serialNumber: string | null): object {
  return { ...view, serialNumber, advice: alignmentAdvice(view) };
}

/** The advice in lines that fit below the bar; always the same number of them, so that nothing jumps. */
function wrapped(text: string): string[] {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last.length + word.length + 1 > 2 * WIDTH - 10) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`.trimStart();
  }
  while (lines.length < HEIGHT) lines.push('');
  return lines;
}
