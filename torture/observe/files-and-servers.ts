import { closeSync, existsSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { quantityMetric } from '../../src/outputs/prometheus/quantity-metric.ts';
import { agreesAsFloat, flatJson } from '../compare.ts';
import type { Judge } from '../judge.ts';

/** How what an output says is to be understood. */
export interface Understanding {
  readonly judge: Judge;
  /** True moments for one that the bridge has written. */
  readonly moments: (time: number) => readonly number[];
  /** That `units` asks for, or else the announced one, which stays when the meter takes another; undefined: the meter's own. */
  readonly unitOf: (serial: string, quantity: string) => string | undefined;
}

/** Splits at what is not escaped. */
function split(text: string, at: string): string[] {
  return text.split(new RegExp(`(?<!\\\\)${at}`));
}

/** What a meter wrote down of times before this: nobody noted those (`test/history/own-past.test.ts` compares them). */
const OF_A_LOG = /(?:^|,)\w+_log=\d+i(?:,|$)/;

/** Points in line protocol, a line each; calls with each point of readings and its time. */
export function judgePoints(
  { judge, moments, unitOf }: Understanding,
  text: string,
  onPoint: (serial: string, time: number) => void,
): void {
  for (const line of text.split('\n')) {
    const point = /^((?:\\.|[^ \\])+) (.+) (\d+)$/.exec(line);
    const [, series = '', fields = '', stamp = ''] = point ?? [];
    const [measurement, ...tags] = split(series, ',');
    if (measurement !== 'multical' || OF_A_LOG.test(fields)) continue;
    const serial = tags.find((tag) => tag.startsWith('serial_number='))?.slice('serial_number='.length) ?? '';
    const time = Number(stamp);
    onPoint(serial, time);
    for (const [, quantity = '', quoted, bare] of fields.matchAll(
      /([a-z0-9_]+)=(?:"((?:\\.|[^"\\])*)"|([^,]+))/g,
    )) {
      const value = quoted ?? bare?.replace(/i$/, '') ?? '';
      const unit = unitOf(serial, quantity);
      judge.value({ output: 'InfluxDB', serial, quantity, text: value, unit, at: moments(time) });
    }
  }
}

/** Posts to the webhook: the state as it stands, with whose it is. */
export class HookReader {
  private readonly understanding: Understanding;
  /** A post that is older than the one before. */
  private readonly onLate: (detail: string) => void;
  private readonly newest = new Map<string, string>();
  private readonly seen = new Set<string>();

  constructor(understanding: Understanding, onLate: (detail: string) => void) {
    this.understanding = understanding;
    this.onLate = onLate;
  }

  take(json: string): void {
    const { judge, unitOf } = this.understanding;
    const serial = /"serial_number":"(\d+)"/.exec(json)?.[1] ?? '';
    const values = flatJson(json.replace(/"meter":\{[^}]*\},?/, ''));
    const readAt = values.get('read_at')?.text ?? '';
    const before = this.newest.get(serial) ?? '';
    // A post may come twice, which its Idempotency-Key tells.
    if (this.seen.has(`${serial} ${readAt}`)) return;
    this.seen.add(`${serial} ${readAt}`);
    if (Date.parse(readAt) < Date.parse(before)) {
      this.onLate(`${serial}: ${readAt} after ${before}`);
      return;
    }
    this.newest.set(serial, readAt);
    for (const [quantity, { text }] of values) {
      if (quantity === 'read_at') continue;
      const unit = unitOf(serial, quantity);
      judge.value({ output: 'webhook', serial, quantity, text, unit, at: undefined });
    }
  }
}

/** Follows the CSV files of a folder, whole lines at a time. */
export class CsvFollower {
  private readonly folder: string;
  private readonly understanding: Understanding;
  private readonly onRow: (serial: string, time: number) => void;
  private readonly offsets = new Map<string, number>();

  constructor(folder: string, understanding: Understanding, onRow: (serial: string, time: number) => void) {
    this.folder = folder;
    this.understanding = understanding;
    this.onRow = onRow;
  }

  look(): void {
    if (!existsSync(this.folder)) return;
    for (const name of readdirSync(this.folder)) {
      if (!name.endsWith('.csv') || name.endsWith('-log.csv')) continue;
      const offset = this.offsets.get(name) ?? 0;
      const text = readFrom(join(this.folder, name), offset);
      const whole = text.slice(0, text.lastIndexOf('\n') + 1);
      this.offsets.set(name, offset + Buffer.byteLength(whole));
      for (const line of whole.split('\n')) this.judgeRow(line);
    }
  }

  private judgeRow(line: string): void {
    if (line === '' || line.startsWith('time,')) return;
    const { judge, moments } = this.understanding;
    const [stamp = '', serial = '', , quantity = '', text = '', unit = ''] = cells(line);
    const time = Date.parse(stamp);
    this.onRow(serial, time);
    if (text !== '') judge.value({ output: 'CSV', serial, quantity, text, unit, at: moments(time) });
  }
}

function readFrom(file: string, offset: number): string {
  const descriptor = openSync(file, 'r');
  try {
    const chunks: Buffer[] = [];
    for (let at = offset; ; ) {
      const chunk = Buffer.alloc(65_536);
      const length = readSync(descriptor, chunk, 0, chunk.length, at);
      if (length === 0) return Buffer.concat(chunks).toString('utf8');
      chunks.push(chunk.subarray(0, length));
      at += length;
    }
  } finally {
    closeSync(descriptor);
  }
}

function cells(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '',
  );
}

/** A page of `/metrics`. */
export function judgeMetrics(
  { judge, unitOf }: Understanding,
  page: string,
  serials: Iterable<string>,
): void {
  const samples = [...page.matchAll(/^(multical_\w+)\{serial_number="(\d+)"[^}]*\} (\S+)$/gm)];
  for (const serial of serials) {
    const names = metricNames(judge, serial);
    for (const [, metric = '', of, figure = ''] of samples) {
      const quantity = names.get(metric);
      if (of !== serial || quantity === undefined) continue;
      const unit = unitOf(serial, quantity);
      const value = Number(figure);
      judge.value(
        { output: 'Prometheus', serial, quantity, text: figure, unit: undefined, at: undefined },
        (held) => {
          const expected = quantityMetric(held.reading);
          const isConverted = unit !== undefined && unit !== held.reading.unit;
          return expected?.metric === metric && agreesAsFloat(value, expected.value, held, isConverted);
        },
      );
    }
  }
}

/** A unit belongs to the name: the same quantity has several names when the meter changed its unit. */
function metricNames(judge: Judge, serial: string): ReadonlyMap<string, string> {
  const truth = judge.truthOf(serial);
  const names = new Map<string, string>();
  for (const quantity of truth.quantities) {
    const reading = truth.latest(quantity)?.reading;
    const metric = reading && quantityMetric(reading)?.metric;
    if (metric !== undefined) names.set(metric, quantity);
  }
  return names;
}
