import type { Command } from 'commander';
import { StoredMeterMemory } from '../../app/memory.ts';
import { StateStore } from '../../app/state-store.ts';
import { MAY_WANT_PASS_CODE } from '../../catalogue/eyes.ts';
import { loadConfig } from '../../config/load.ts';
import { hasCode } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';
import { type Io, paintOn, print, printJson } from '../io.ts';
import { type MeterOptions, oneShotOptions, withMeterOptions } from '../meter-options.ts';
import { type ProbeProgress, type ProbeResult, probeMeter } from '../one-shot.ts';
import { descriptionLines, readingsJson, readingsTable } from '../reading-formats.ts';

interface ProbeOptions extends MeterOptions {
  readonly json?: true;
  readonly dataDir?: string;
}

export function addProbe(program: Command, io: Io): void {
  const command = program
    .command('probe')
    .description('ask for every known register and say which the meter has')
    .option('--json', 'print JSON')
    .option('--data-dir <folder>', "the bridge's memory, which learns what was found");
  withMeterOptions(command).action(async (options: ProbeOptions) => {
    const meter = oneShotOptions(options, io);
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
    const paint = paintOn('out', io);
    for (const line of [...descriptionLines(result, paint), '', ...readingsTable(result, paint), ''])
      print(io.out, line);
    print(
      io.out,
      `The meter has ${readings.length} of ${readings.length + absent.length + silent.length} known registers.`,
    );
    if (readings.length === 0) print(io.out, MAY_WANT_PASS_CODE);
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

/** Leaves what a probe found for the bridge, which takes it in at its next start. */
export function rememberProbe(
  { meter, readings, absent, silent }: ProbeResult,
  place: { readonly port: string; readonly address: number },
  dataDir: string,
  logger: Logger,
): void {
  new StoredMeterMemory(new StateStore(dataDir, logger)).leaveProbe({
    serialNumber: meter.serialNumber,
    ...place,
    type: meter.type === null ? null : { meterType: meter.type, softwareRevision: meter.softwareRevision },
    present: readings.map(({ register }) => register),
    absent: [...absent, ...silent],
  });
}

/** The bridge's `dataDir`, where a configuration is found. A named file that is wrong is an error all the same. */
function findDataDir(
  file: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  try {
    const loaded = loadConfig({ file, environment });
    return loaded.file === null ? undefined : loaded.config.dataDir;
  } catch (error) {
    if (file !== undefined || !hasCode(error, 'config')) throw error;
    return undefined;
  }
}
