import type { Command } from 'commander';
import { Multical2MqttError } from '../../shared/errors.ts';
import { alignHead } from '../align-head.ts';
import { showJson, showLines, showPicture } from '../alignment-picture.ts';
import { type Io, print } from '../io.ts';
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
