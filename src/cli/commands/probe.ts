import type { Command } from 'commander';
import { findDataDir } from '../../app/find-data-dir.ts';
import { type ProbeProgress, probeMeter } from '../../app/probe-meter.ts';
import { rememberProbe } from '../../app/remember-probe.ts';
import { type Io, print, printJson } from '../io.ts';
import { type MeterOptions, oneShotOptions, withMeterOptions } from '../meter-options.ts';
import { descriptionLines, readingsJson, readingsTable } from '../readings-table.ts';

interface ProbeOptions extends MeterOptions {
  readonly json?: true;
  readonly config?: string;
  readonly dataDir?: string;
}

export function addProbe(program: Command, io: Io): void {
  const command = program
    .command('probe')
    .description('ask for every known register and say which the meter has')
    .option('--json', 'print JSON')
    .option('-c, --config <file>', "the bridge's configuration, for its dataDir")
    .option('--data-dir <folder>', "the bridge's memory, which learns what was found");
  withMeterOptions(command).action(async (options: ProbeOptions) => {
    const meter = oneShotOptions(options, io.err);
    // Before half a minute of asking, that a mistake in it does not cost the result.
    const dataDir = options.dataDir ?? findDataDir(options.config, io.environment);
    const result = await probeMeter(meter, (progress) => showProgress(io, progress));
    if (dataDir !== undefined)
      rememberProbe(result, { port: meter.port, address: meter.address }, dataDir, meter.logger);
    const { readings, absent, silent } = result;
    if (options.json) {
      printJson(io, { ...readingsJson(result), absent, silent });
      return;
    }
    for (const line of [...descriptionLines(result), '', ...readingsTable(result), '']) print(io.out, line);
    print(
      io.out,
      `The meter has ${readings.length} of ${readings.length + absent.length + silent.length} known registers.`,
    );
    if (silent.length > 0) print(io.out, `It did not answer at all on ${silent.join(', ')}.`);
    if (dataDir !== undefined)
      print(io.err, `The bridge will know at its next start: written to ${dataDir}.`);
  });
}

/** One line that is written over, on a terminal only. */
function showProgress({ err }: Io, { asked, total, found }: ProbeProgress): void {
  if (err.isTTY !== true) return;
  const end = asked === total ? '\n' : '';
  err.write(`\r${asked} of ${total} registers asked, the meter has ${found}${end}`);
}
