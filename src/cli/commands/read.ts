import { type Command, Option } from 'commander';
import { askHealth } from '../../app/health-socket.ts';
import type { BatteryAccount } from '../../meter/battery-account.ts';
import { Multical2MqttError } from '../../shared/errors.ts';
import type { ConfiguredMeter } from '../chosen-meter.ts';
import { type Io, paintOn, print } from '../io.ts';
import { type MeterOptions, oneShotOptions, withMeterOptions } from '../meter-options.ts';
import { leaveCosts } from '../meter-visit.ts';
import { readMeter } from '../one-shot.ts';
import { READING_FORMATS, readingsTable } from '../reading-formats.ts';
import { registerIds } from '../register-arguments.ts';
import { watchedMeter, watchMeter } from './watch.ts';

interface ReadOptions extends MeterOptions {
  readonly json?: true;
  readonly format: keyof typeof READING_FORMATS;
  readonly watch?: true;
  readonly schedule?: string;
}

export function addRead(program: Command, io: Io): void {
  const command = program
    .command('read')
    .description('take one reading, or with --watch one after the other')
    .argument(
      '[register...]',
      'registers by number or name, such as 60,80,86 or heat_energy flow; what a person looks for by default',
      registerIds,
    )
    .addOption(
      new Option('--format <format>', 'how to print: influx is line protocol, with milliseconds')
        .choices(Object.keys(READING_FORMATS))
        .default('table'),
    )
    .option('--json', 'the same as --format json')
    .option('--watch', 'go on reading on a schedule and print a line each time, until Ctrl+C')
    .option(
      '--schedule <when>',
      'with --watch: a cron expression or the name of a schedule, such as balanced (default: hourly)',
    );
  withMeterOptions(command).action((ids: readonly number[] | undefined, options: ReadOptions) => {
    const wanted = ids === undefined || ids.length === 0 ? undefined : ids;
    if (options.watch) return watch(io, wanted, options);
    if (options.schedule === undefined) return readOnce(io, wanted, options);
    throw new Multical2MqttError('usage', '--schedule says when to read with --watch: add that.');
  });
}

async function readOnce(io: Io, wanted: readonly number[] | undefined, options: ReadOptions): Promise<void> {
  const format = formatOf(options);
  // Line protocol has the model as well, but only where it is clear at once: another tag begins another series.
  const tellsModel = format === 'json';
  const result = await readMeter(oneShotOptions(options, io), { ids: wanted, tellsModel });
  const lines =
    format === 'table' ? readingsTable(result, paintOn('out', io)) : READING_FORMATS[format]()(result);
  for (const line of lines) print(io.out, line);
  if (wanted !== undefined && result.absent.length > 0) {
    print(io.err, `The meter does not have register ${result.absent.join(', ')}.`);
  }
}

async function watch(io: Io, registers: readonly number[] | undefined, options: ReadOptions): Promise<void> {
  const { schedule = 'hourly' } = options;
  const { baudRate, logger, configured, ...place } = oneShotOptions(options, io);
  const { port } = place;
  if (configured !== undefined && (await isBridgeIn(configured.dataDir))) throw readByTheBridge(configured);
  const meter = watchedMeter({ ...place, schedule, registers });
  const linesOf = READING_FORMATS[formatOf(options)]();
  print(io.err, `Reading the meter at ${port} now and then on schedule (${schedule}). Ctrl+C ends it.`);
  const show = (taken: Parameters<typeof linesOf>[0]): void => {
    for (const line of linesOf(taken)) print(io.out, line);
  };
  const spent = (serialNumber: string, account: BatteryAccount): void => {
    if (configured !== undefined) leaveCosts(configured.dataDir, serialNumber, account, logger);
  };
  await watchMeter({ meter, baudRate, show, spent, logger, signal: io.signal });
}

async function isBridgeIn(dataDir: string): Promise<boolean> {
  return askHealth(dataDir).then(
    () => true,
    () => false,
  );
}

/** One port has room for one who reads again and again. */
function readByTheBridge({ meter: { name } }: ConfiguredMeter): Multical2MqttError {
  return new Multical2MqttError(
    'port-busy',
    `The bridge that is running reads ${JSON.stringify(name)} already. Take single readings with \`multical2mqtt read\`, for which it makes way, or stop it.`,
  );
}

function formatOf({ json, format }: ReadOptions): ReadOptions['format'] {
  return json ? 'json' : format;
}
