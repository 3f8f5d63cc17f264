import type { Command } from 'commander';
import { readMeter } from '../../app/read-meter.ts';
import { type Io, print, printJson } from '../io.ts';
import { type MeterOptions, oneShotOptions, wholeNumber, withMeterOptions } from '../meter-options.ts';
import { readingsJson, readingsTable } from '../readings-table.ts';

const registerId = wholeNumber(0, 0xffff);

export function addRead(program: Command, io: Io): void {
  const command = program
    .command('read')
    .description('take one reading')
    .argument(
      '[register...]',
      'register ids, decimal or 0x; named quantities by default',
      (text, previous: number[]) => [...(previous ?? []), registerId(text)],
    )
    .option('--json', 'print JSON');
  withMeterOptions(command).action(
    async (ids: number[] | undefined, options: MeterOptions & { json?: true }) => {
      const wanted = ids === undefined || ids.length === 0 ? undefined : [...new Set(ids)];
      const result = await readMeter(oneShotOptions(options, io.err), wanted);
      if (options.json) printJson(io, readingsJson(result));
      else for (const line of readingsTable(result)) print(io.out, line);
      if (wanted !== undefined && result.absent.length > 0) {
        print(io.err, `The meter does not have register ${result.absent.join(', ')}.`);
      }
    },
  );
}
