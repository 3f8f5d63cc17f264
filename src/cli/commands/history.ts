import { type Command, InvalidArgumentError, Option } from 'commander';
import { LOGGERS, type LoggerName } from '../../catalogue/loggers.ts';
import { logCost, logCostText } from '../../loggers/log-cost.ts';
import type { LogProgress, LogReading, LogWalkResult } from '../../loggers/log-reading.ts';
import type { LoggedRow } from '../../loggers/logged-row.ts';
import { isWithin, SPAN_FORMS, type Span, spanOf } from '../../loggers/written-span.ts';
import { Multical2MqttError } from '../../shared/errors.ts';
import { type AskedLogs, askForLogs } from '../asked-logs.ts';
import { AlreadyTold, type Io, paintOn, print } from '../io.ts';
import { type KeptLogs, keptLogs } from '../kept-logs.ts';
import { LOG_FORMATS } from '../logged-formats.ts';
import { type MeterOptions, oneShotOptions, withMeterOptions } from '../meter-options.ts';
import type { OneShotOptions } from '../one-shot.ts';
import { READING_FORMATS, readingsTable } from '../reading-formats.ts';

interface HistoryOptions extends MeterOptions {
  readonly logger?: readonly LoggerName[];
  readonly from?: string;
  readonly to?: string;
  readonly order: NonNullable<LogReading['order']>;
  readonly all?: true;
  readonly cached?: true;
  readonly format: keyof typeof LOG_FORMATS;
}

export function addHistory(program: Command, io: Io): void {
  const command = program
    .command('history')
    .description("read the meter's own log: its totals at the end of each day, month, year or hour")
    .option(
      '-l, --logger <names>',
      `which logs, with commas between them: ${LOGGERS.join(', ')} (default: day, or interval where there are no days)`,
      loggerNames,
    )
    .option('--from <when>', `the first day that is wanted: ${SPAN_FORMS}`)
    .option('--to <when>', 'the last one; newer rows that are not known yet are read all the same')
    .addOption(
      new Option('--order <which>', 'which rows are read first: a reading that ends early has these')
        .choices(['newest', 'oldest'])
        .default('newest'),
    )
    .option('--all', 'all that the log holds, in place of totals and mean temperatures')
    .option('--cached', 'only what is known already: the meter is not asked')
    .addOption(
      new Option('--format <format>', 'how to print: influx is line protocol, with milliseconds')
        .choices(Object.keys(LOG_FORMATS))
        .default('table'),
    );
  withMeterOptions(command).action((options: HistoryOptions) => history(io, options));
}

/** Where nobody names one: a meter keeps one of them, as a rule. */
const USUAL: readonly LoggerName[] = ['day', 'interval'];

/** What somebody wants to see, and where it is. */
interface Wish {
  readonly options: HistoryOptions;
  readonly meter: OneShotOptions;
  /** Of the house. */
  readonly timezone: string;
  readonly spans: ReadonlyMap<LoggerName, Span>;
}

async function history(io: Io, options: HistoryOptions): Promise<void> {
  const meter = oneShotOptions(options, io);
  const timezone = meter.configured?.meter.timezone ?? '';
  const wish = { options, meter, timezone, spans: spansOf(options, timezone) };
  if (options.cached && meter.configured === undefined)
    throw new Multical2MqttError(
      'usage',
      '--cached shows what is kept of a configured meter: name one with --meter, or leave --cached out.',
    );
  const kept = keptLogs(meter.configured);
  try {
    if (kept.problem !== undefined) print(io.err, kept.problem);
    await (options.cached ? showKept(io, wish, kept) : readAndShow(io, wish, kept));
  } finally {
    kept.close();
  }
}

async function showKept(io: Io, wish: Wish, kept: KeptLogs): Promise<void> {
  const { serialNumber } = kept;
  if (serialNumber === undefined)
    throw new Multical2MqttError(
      'failed',
      "Nothing of this meter's log is known yet. Leave --cached out to read it.",
    );
  if (show(io, wish, { serialNumber, certainModel: null }, kept) === 0) print(io.err, NO_ROWS);
}

async function readAndShow(io: Io, wish: Wish, kept: KeptLogs): Promise<void> {
  const { options, meter, timezone } = wish;
  const asked = await askForLogs(meter, timezone, (serialNumber, readable) => ({
    ...readingOf(io, wish, serialNumber, kept),
    loggers: options.logger ?? USUAL.filter((logger) => readable.includes(logger)),
  }));
  if ('past' in asked) return showPast(io, options, asked);
  const shown = show(io, wish, asked, kept);
  const isExplained = asked.results.some(({ reason }) => reason !== undefined);
  if (shown === 0 && !isExplained) print(io.err, NO_ROWS);
  tellResults(io, asked.results);
}

function readingOf(
  io: Io,
  { options, meter, spans }: Wish,
  serialNumber: string,
  kept: KeptLogs,
): Omit<LogReading, 'loggers'> {
  const registers = new Map<LoggerName, readonly number[]>();
  const told = new Set<LoggerName>();
  const begins = [...spans.values()].map(({ from }) => from ?? Number.NEGATIVE_INFINITY);
  const since = Math.min(...begins);
  return {
    order: options.order,
    wanted: options.all ? 'all' : 'main',
    ...(Number.isFinite(since) && { since }),
    known: (logger, wanted) => {
      registers.set(logger, wanted);
      return kept.known(serialNumber, logger, wanted);
    },
    knownRows: (logger) => kept.rows(serialNumber, logger),
    got: (rows) => kept.add(serialNumber, rows),
    beganAnew: (logger) => {
      kept.beginAnew(serialNumber, logger);
      print(
        io.err,
        `The meter numbers the rows of its ${logger} log anew: the earlier ones stay in the history.`,
      );
    },
    progressed: (progress) => {
      const { logger } = progress;
      if (!told.has(logger)) tellCost(io, progress, registers.get(logger), meter.baudRate);
      told.add(logger);
      showProgress(io, progress);
    },
    signal: io.signal,
  };
}

/** Before the rows are asked for. */
function tellCost(
  io: Io,
  { logger, of }: LogProgress,
  registers: readonly number[] | undefined,
  baudRate: number,
): void {
  if (of === 0) return;
  const cost = logCost([{ logger, rows: of, ...(registers && { registers }) }], baudRate);
  const rows = of === 1 ? '1 row' : `${of} rows`;
  print(io.err, `Reading ${rows} of the ${logger} log: ${logCostText(cost)}. Ctrl+C ends it.`);
}

/** One line that is written over, on a terminal only. */
function showProgress({ err }: Io, { logger, rows, of }: LogProgress): void {
  if (err.isTTY !== true || of === 0) return;
  err.write(`\r${logger} log: ${rows} of ${of} rows${rows === of ? '\n' : ''}`);
}

/** Tells how many rows there are. */
function show(
  io: Io,
  { options, meter, timezone, spans }: Wish,
  { serialNumber, certainModel }: Pick<AskedLogs, 'serialNumber' | 'certainModel'>,
  kept: KeptLogs,
): number {
  const rows = [...spans].flatMap(([logger, span]) =>
    kept.rows(serialNumber, logger).filter((row) => isWithin(row, span)),
  );
  const name = meter.configured?.meter.name;
  const logs = { serialNumber, name, certainModel, timezone, rows };
  if (rows.length > 0 || options.format === 'json')
    for (const line of LOG_FORMATS[options.format](logs, paintOn('out', io))) print(io.out, line);
  if (options.format === 'influx') tellUndated(io, rows);
  return rows.length;
}

const NO_ROWS = 'There are no rows of that time.';

/** InfluxDB would take the time at which such a line arrives. */
function tellUndated(io: Io, rows: readonly LoggedRow[]): void {
  const undated = rows.filter(({ endedAt }) => endedAt === null).length;
  if (undated > 0)
    print(io.err, `${undated} of ${rows.length} rows are left out, because nobody knows when they ended.`);
}

function tellResults(io: Io, results: readonly LogWalkResult[]): void {
  for (const { logger, reason } of results)
    if (reason !== undefined) print(io.err, results.length === 1 ? reason : `${logger} log: ${reason}`);
  if (results.every(({ isComplete }) => isComplete)) return;
  print(io.err, 'Not all was read. What came is kept: the same command goes on from there.');
  throw new AlreadyTold('failed', 'the log was not read to its end');
}

/** Of a meter whose log is not public. */
function showPast(
  io: Io,
  { format }: Pick<HistoryOptions, 'format'>,
  { past }: Extract<AskedLogs, { readonly past: unknown }>,
): void {
  const model = past.meter.model ?? 'this meter';
  const told =
    past.readings.length === 0 ? '' : ' What its registers still tell of its month and its year is below.';
  print(
    io.err,
    `How the log of ${model} is read is not public: its days, months and years are missing.${told} docs/history.md says more.`,
  );
  if (past.readings.length === 0) throw new AlreadyTold('failed', 'this log cannot be read');
  const lines =
    format === 'table' ? readingsTable(past, paintOn('out', io)) : READING_FORMATS[format]()(past);
  for (const line of lines) print(io.out, line);
}

function spansOf(
  { logger = USUAL, from, to }: HistoryOptions,
  timezone: string,
): ReadonlyMap<LoggerName, Span> {
  return new Map(
    logger.map((name) => {
      const span = spanOf({ from, to }, name, timezone);
      if (span !== undefined) return [name, span];
      throw new Multical2MqttError('usage', `--from and --to are each ${SPAN_FORMS}.`);
    }),
  );
}

/** An argument parser: `day,month`. */
function loggerNames(text: string): readonly LoggerName[] {
  const words = text.split(/[\s,;]+/).filter((word) => word !== '');
  const names = words.map((word) => {
    const name = LOGGERS.find((each) => each === word.toLowerCase());
    if (name !== undefined) return name;
    throw new InvalidArgumentError(`"${word}" is none of ${LOGGERS.join(', ')}.`);
  });
  if (names.length === 0) throw new InvalidArgumentError(`Name one of ${LOGGERS.join(', ')}.`);
  return [...new Set(names)];
}
