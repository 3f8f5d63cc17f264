import type { Command } from 'commander';
import { alignHead } from '../../app/align-head.ts';
import type { Alignment } from '../../app/alignment.ts';
import { Multical2MqttError } from '../../shared/errors.ts';
import { alignmentJson, alignmentLine, alignmentPicture } from '../alignment-picture.ts';
import { type Io, print, printJson } from '../io.ts';
import { type MeterOptions, oneShotOptions, wholeNumber, withMeterOptions } from '../meter-options.ts';

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
    print(
      io.err,
      `Asking the meter at ${options.port} twice a second. Ctrl+C ends it; it ends by itself too.`,
    );
    print(io.err, 'Each answer uses a little of its battery: do not let it run longer than you need.');
    const view = await alignHead({
      ...oneShotOptions(options, io.err),
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
  let told: string | undefined;
  return (view, serialNumber) => {
    if (view.verdict === told) return;
    told = view.verdict;
    print(io.out, alignmentLine(view, serialNumber));
  };
}
