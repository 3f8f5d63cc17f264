import type { Command } from 'commander';
import { type Alignment, AlignmentWindow, alignmentAdvice } from '../../link/alignment.ts';
import { getSerialNo } from '../../link/exchange.ts';
import { alignmentTiming } from '../../link/timing.ts';
import { type Clock, sleep, systemClock } from '../../shared/clock.ts';
import { hasCode, Multical2MqttError } from '../../shared/errors.ts';
import { type Io, print, printJson, table } from '../io.ts';
import { type MeterOptions, oneShotOptions, wholeNumber, withMeterOptions } from '../meter-options.ts';
import { type OneShotOptions, withMeter } from '../one-shot.ts';

interface AlignOptions extends MeterOptions {
  readonly json?: true;
  readonly bell?: true;
  readonly seconds: number;
}

const LONGEST = 600;
const BELL = '\x07';

export function addAlign(program: Command, io: Io): void {
  const command = program
    .command('align')
    .description('help to place the optical head: shows live how well the meter answers')
    .option('--bell', 'ring the bell of the terminal at each answer')
    .option('--json', 'print one JSON object a try a line')
    .option('--seconds <number>', 'end by itself after so long', wholeNumber(1, LONGEST), LONGEST);
  withMeterOptions(command).action(async (options: AlignOptions) => {
    const { json, bell, seconds } = options;
    const show = json === true ? showJson(io) : io.out.isTTY === true ? showPicture(io) : showLines(io);
    const meter = oneShotOptions(options, io);
    print(io.err, `Asking the meter at ${meter.port} twice a second. Ctrl+C ends it; it ends by itself too.`);
    print(io.err, 'Each answer uses a little of its battery: do not let it run longer than you need.');
    const view = await alignHead({
      ...meter,
      duration: seconds * 1000,
      signal: io.signal,
      onView: (current, serialNumber, answered) => {
        show(current, serialNumber);
        if (bell === true && answered) io.err.write(BELL);
      },
    });
    if (view.answered > 0) return;
    throw new Multical2MqttError(
      'no-answer',
      'The meter did not answer in the last ten seconds: the head is not in its place yet.',
    );
  });
}

type Show = (view: Alignment, serialNumber: string | null) => void;

function showJson(io: Io): Show {
  return (view, serialNumber) => printJson(io, alignmentJson(view, serialNumber));
}

/** Drawn over itself. */
function showPicture({ out }: Io): Show {
  let height = 0;
  return (view, serialNumber) => {
    const lines = alignmentPicture(view, serialNumber);
    const up = height === 0 ? '' : `\x1b[${height}A`;
    out.write(`${up}${lines.map((line) => `\x1b[2K${line}\n`).join('')}`);
    height = lines.length;
  };
}

/** A line whenever there is something else to do. */
function showLines(io: Io): Show {
  let printed: string | undefined;
  return (view, serialNumber) => {
    if (view.verdict === printed) return;
    printed = view.verdict;
    print(io.out, alignmentLine(view, serialNumber));
  };
}

interface AlignHeadOptions extends OneShotOptions {
  /** It ends by itself after so many milliseconds: every answer costs the meter's battery. */
  readonly duration: number;
  readonly signal: AbortSignal;
  /** After each try. `serialNumber`: of the meter that answered last; null before the first answer. */
  readonly onView: (view: Alignment, serialNumber: string | null, answered: boolean) => void;
  readonly clock?: Clock;
}

/** From one try to the next. */
const EVERY = 500;
/**
 * A meter may stay deaf after a damaged request until the line was silent for 1.6 s (5512-447 section 2.1). Most do
 * not, so that it is granted this silence only after every so many failures in a row.
 */
const SILENCE = 1_600;
const FAILURES_TO_SILENCE = 5;

/** Asks for the serial number about twice a second until `signal` or the time is up; gives the last view. */
function alignHead(options: AlignHeadOptions): Promise<Alignment> {
  const { address: destination, duration, signal, onView, clock = systemClock } = options;
  return withMeter({ ...options, retime: alignmentTiming }, async ({ session, visit }) => {
    const window = new AlignmentWindow();
    const addressee = {
      destination,
      counters: visit.counters,
      tried: (seen: Parameters<AlignmentWindow['add']>[0]) => {
        window.add(seen, clock.monotonic());
        visit.tried();
      },
    };
    const end = clock.monotonic() + duration;
    let serialNumber: string | null = null;
    let failures = 0;
    while (!signal.aborted && clock.monotonic() < end) {
      const next = clock.monotonic() + EVERY;
      try {
        serialNumber = String(await session.request(getSerialNo, addressee));
        visit.answered(serialNumber);
        failures = 0;
      } catch (error) {
        if (!hasCode(error, 'no-answer')) throw error;
        failures++;
      }
      onView(window.view(clock.monotonic()), serialNumber, failures === 0);
      const silence = failures > 0 && failures % FAILURES_TO_SILENCE === 0;
      await sleep(clock, silence ? SILENCE : next - clock.monotonic(), signal);
    }
    return window.view(clock.monotonic());
  });
}

const WIDTH = 40;
const HEIGHT = 3;

/** To be seen from across the room: a bar as long as the share of answers, and below it what to do next. */
function alignmentPicture(view: Alignment, serialNumber: string | null): string[] {
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
function alignmentLine(view: Alignment, serialNumber: string | null): string {
  const echo = view.echoSeen ? 'echo' : 'no echo';
  const meter = serialNumber === null ? '' : ` of meter ${serialNumber}`;
  return `${view.answered} of ${view.asked} answers${meter}, ${echo}, ${view.damagedReplies} damaged, ${view.discardedBytes} discarded bytes. ${alignmentAdvice(view)}`;
}

function alignmentJson(view: Alignment, serialNumber: string | null): object {
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
