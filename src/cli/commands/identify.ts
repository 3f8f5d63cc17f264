import type { Command } from 'commander';
import { MAY_WANT_PASS_CODE } from '../../catalogue/eyes.ts';
import { type Io, paintOn, print, printJson } from '../io.ts';
import { type MeterOptions, oneShotOptions, withMeterOptions } from '../meter-options.ts';
import { identifyMeter } from '../one-shot.ts';
import { descriptionLines, readingsJson, readingsTable } from '../reading-formats.ts';

export function addIdentify(program: Command, io: Io): void {
  const command = program
    .command('identify')
    .description('say which meter it is and what it says about itself')
    .option('--json', 'print JSON');
  withMeterOptions(command).action(async (options: MeterOptions & { json?: true }) => {
    const result = await identifyMeter(oneShotOptions(options, io));
    if (options.json) {
      printJson(io, readingsJson(result));
      return;
    }
    const paint = paintOn('out', io);
    for (const line of [...descriptionLines(result, paint), '', ...readingsTable(result, paint)])
      print(io.out, line);
    if (result.readings.length === 0) print(io.out, MAY_WANT_PASS_CODE);
  });
}
