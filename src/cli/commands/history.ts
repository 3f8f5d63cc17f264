import { type Command, Option } from 'commander';
import { LOGGERS, type LoggerName, loggersThatShow, USUAL_LOGGERS } from '../../catalogue/loggers.ts';
import { logCost, logCostText } from '../../loggers/log-cost.ts';
import type { AskedLog, LogProgress, LogReading, LogWalkResult } from '../../loggers/log-reading.ts';
import type { LoggedRow } from '../../loggers/logged-row.ts';
import { isWithin, SPAN_FORMS, type Span } from '../../loggers/written-span.ts';
import { Multical2MqttError } from '../../shared/errors.ts';
import type { HomeAssistantAccess } from '../../statistics/connection.ts';
import { type AskedLogs, askForLogs } from '../asked-logs.ts';
import {
  accessOf,
  bringIn,
  checkStatisticsWish,
  type StatisticsWish,
  takeBack,
} from '../home-assistant-history.ts';
import { AlreadyTold, commandLogger, type Io, paintOn, print } from '../io.ts';
import type { KeptLogs } from '../kept-logs.ts';
import { loggerNames, spansOf } from '../log-arguments.ts';
import { LOG_FORMATS } from '../logged-formats.ts';
import { loggedPoints } from '../logged-points.ts';
import { type MeterOptions, oneShotOptions, withMeterOptions } from '../meter-options.ts';
import type { OneShotOptions } from '../one-shot.ts';
import { READING_FORMATS, readingsTable } from '../reading-formats.ts';

interface HistoryOptions extends MeterOptions, StatisticsWish {
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
      `which logs, with commas between them: ${LOGGERS.join(', ')} (default: day, or interval where there are no days; with --home-assistant also hour)`,
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
    )
    .option('--home-assistant', "bring days and hours into the statistics of the meter's entities there")
    .option('--dry-run', 'with --home-assistant: only print the days as they would be')
    .option('--replace', "with --home-assistant: in place of Home Assistant's own rows, too")
    .option('--undo', 'take out of Home Assistant again what was brought in');
  withMeterOptions(command).action((options: HistoryOptions) => history(io, options));
}

/** Home Assistant shows the last of it by the hour. */
const LOGGERS_FOR_STATISTICS = [...new Set([...USUAL_LOGGERS, ...loggersThatShow('hours')])];

/** What somebody wants to see, and where it is. */
interface Wish {
  readonly options: HistoryOptions;
  readonly meter: OneShotOptions;
  /** Of the house. */
  readonly timezone: string;
  readonly spans: ReadonlyMap<LoggerName, Span>;
}

async function history(io: Io, options: HistoryOptions): Promise<void> {
  checkStatisticsWish(options);
  const meter = oneShotOptions(options, io);
  const timezone = meter.configured?.meter.timezone ?? '';
  const { homeAssistant, undo, cached } = options;
  const logger = options.logger ?? (homeAssistant ? LOGGERS_FOR_STATISTICS : USUAL_LOGGERS);
  const wish = { options, meter, timezone, spans: spansOf(logger, options, timezone) };
  const isForKept = cached ? '--cached' : homeAssistant ? '--home-assistant' : undo ? '--undo' : undefined;
  if (isForKept !== undefined && meter.configured === undefined)
    throw new Multical2MqttError(
      'usage',
      `${isForKept} is for what is kept of a configured meter: name one with --meter, or leave it out.`,
    );
  const access = homeAssistant || undo ? accessOf(io, options.config) : undefined;
  // With SQLite, which a bridge without a history does not load.
  const { keptLogs } = await import('../kept-logs.ts');
  const kept = keptLogs(meter.configured);
  try {
    await act(io, wish, kept, access);
  } finally {
    kept.close();
  }
}

/** `access`: to Home Assistant, where that is what it is for. */
async function act(
  io: Io,
  wish: Wish,
  kept: KeptLogs,
  access: HomeAssistantAccess | undefined,
): Promise<void> {
  const { options, meter } = wish;
  const { configured } = meter;
  if (access === undefined || configured === undefined)
    return options.cached ? showKept(io, wish, kept) : readAndShow(io, wish, kept);
  if (options.undo) return takeBack(io, access, configured, kept);
  if (!options.cached) tellResults(io, await readOnly(io, wish, kept));
  await bringIn(io, access, configured, kept, options);
}

async function readOnly(io: Io, wish: Wish, kept: KeptLogs): Promise<readonly LogWalkResult[]> {
  const asked = await ask(io, wish, kept);
  if ('results' in asked) return asked.results;
  throw new Multical2MqttError('failed', notPublic(asked));
}

async function showKept(io: Io, wish: Wish, kept: KeptLogs): Promise<void> {
  const { serialNumber } = kept;
  if (serialNumber === undefined)
    throw new Multical2MqttError(
      'failed',
      kept.problem ?? "Nothing of this meter's log is known yet. Leave --cached out to read it.",
    );
  if (show(io, wish, { serialNumber, model: null }, kept) === 0) print(io.err, NO_ROWS);
}

function ask(io: Io, wish: Wish, kept: KeptLogs): Promise<AskedLogs> {
  const { options, meter, timezone, spans } = wish;
  const problem = kept.cannotKeep([...spans.keys()]);
  if (problem !== undefined) throw new Multical2MqttError('failed', `${problem} ${NOT_ASKED}`);
  return askForLogs({ ...meter, signal: io.signal }, timezone, (serialNumber, readable) => ({
    ...readingOf(io, wish, serialNumber, kept),
    loggers: options.logger ?? [...spans.keys()].filter((logger) => readable.includes(logger)),
  }));
}

/** Each try would cost the battery the same rows again. */
const NOT_ASKED =
  'Nothing that is read could be kept, so the meter is not asked, for the sake of its battery. --cached prints what can still be read of it.';

async function readAndShow(io: Io, wish: Wish, kept: KeptLogs): Promise<void> {
  const { options } = wish;
  const asked = await ask(io, wish, kept);
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
  const begins = [...spans.values()].map(({ from }) => from ?? Number.NEGATIVE_INFINITY);
  const since = Math.min(...begins);
  return {
    order: options.order,
    wanted: options.all ? 'all' : 'main',
    ...(Number.isFinite(since) && { since }),
    known: (logger, wanted) => kept.known(serialNumber, logger, wanted),
    knownRows: (logger) => kept.rows(serialNumber, logger),
    got: (rows) => kept.add(serialNumber, rows),
    beganAnew: (logger) => {
      kept.beginAnew(serialNumber, logger);
      print(
        io.err,
        `The meter numbers the rows of its ${logger} log anew: the earlier ones stay in the history.`,
      );
    },
    asking: (asked) => tellCost(io, asked, meter.baudRate),
    progressed: (progress) => showProgress(io, progress),
    signal: io.signal,
  };
}

/** Before the rows are asked for. */
function tellCost(io: Io, asked: AskedLog, baudRate: number): void {
  const rows = asked.rows === 1 ? '1 row' : `${asked.rows} rows`;
  const cost = logCostText(logCost([asked], baudRate));
  print(io.err, `Reading ${rows} of the ${asked.logger} log: ${cost}. Ctrl+C ends it.`);
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
  { serialNumber, model }: Pick<AskedLogs, 'serialNumber' | 'model'>,
  kept: KeptLogs,
): number {
  const rows = [...spans].flatMap(([logger, span]) =>
    kept.rows(serialNumber, logger).filter((row) => isWithin(row, span)),
  );
  const { configured } = meter;
  const points = () => loggedPoints(configured, serialNumber, model, commandLogger(io, 'error'));
  const logs = { serialNumber, name: configured?.meter.name, timezone, rows, points };
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

type AskedPast = Extract<AskedLogs, { readonly past: unknown }>;

/** Of a meter whose log is not public. */
function showPast(io: Io, { format }: Pick<HistoryOptions, 'format'>, asked: AskedPast): void {
  const { past } = asked;
  const told =
    past.readings.length === 0 ? '' : ' What its registers still tell of its month and its year is below.';
  print(io.err, `${notPublic(asked)}${told} docs/history.md says more.`);
  if (past.readings.length === 0) throw new AlreadyTold('failed', 'this log cannot be read');
  const lines =
    format === 'table' ? readingsTable(past, paintOn('out', io)) : READING_FORMATS[format]()(past);
  for (const line of lines) print(io.out, line);
}

function notPublic({ past }: AskedPast): string {
  const model = past.meter.model ?? 'this meter';
  return `How the log of ${model} is read is not public: its days, months and years are missing.`;
}
