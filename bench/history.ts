import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Big } from 'big.js';
import { HistoryAnswers } from '../src/history/answers.ts';
import { boundariesOf } from '../src/history/bars.ts';
import { LogStore } from '../src/history/log-store.ts';
import { HistoryQueries } from '../src/history/queries.ts';
import { HistoryStore, type StoredReading } from '../src/history/store.ts';
import type { Figure } from './figure.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;
const YEARS = 10;
const NAME = 'House';
const LOGGED = 'Cellar';
const ZONE = 'Europe/Copenhagen';
const TEMPERATURES = ['flow_temperature', 'return_temperature', 'temperature_difference'];
/** Readings that are written at once, so that filling takes seconds. */
const AT_ONCE = 2_000;

/** What a person waits for who opens the history of ten years: each for the first time after the file was opened. */
export async function history(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'history-'));
  const file = join(folder, 'history.db');
  try {
    fill(opened(file), Date.UTC(2026, 0, 15));
    const now = Date.UTC(2026, 0, 15);
    const megabytes = statSync(file).size / 1e6;
    remember(file, now);
    const zoom = (span: number) => looking(file, (answers) => answers.course(NAME, 'power', now - span, now));
    return [
      { name: 'history, ten years of hours, file', value: megabytes, unit: 'MB' },
      {
        name: 'history, what the page shows first',
        value: looking(file, (answers) => {
          answers.quantities(NAME);
          answers.consumption(NAME, 'heat_energy', bars('day', now - 31 * DAY, now));
          answers.consumption(NAME, 'heat_energy', bars('month', now - YEARS * YEAR, now));
        }),
        unit: 'ms',
        atMost: 1_000,
      },
      {
        name: 'history, ten years of days that only the meter wrote down',
        value: looking(file, (answers) => {
          const from = now - YEARS * YEAR;
          for (const by of ['month', 'day'] as const)
            answers.consumption(LOGGED, 'heat_energy', bars(by, by === 'day' ? now - 4 * YEAR : from, now));
        }),
        unit: 'ms',
        atMost: 1_000,
      },
      { name: 'history, course of ten years', value: zoom(YEARS * YEAR), unit: 'ms', atMost: 100 },
      { name: 'history, course of a year', value: zoom(YEAR), unit: 'ms', atMost: 100 },
      { name: 'history, course of a month', value: zoom(30 * DAY), unit: 'ms', atMost: 100 },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function bars(by: 'day' | 'month', from: number, to: number): readonly number[] {
  return boundariesOf(by, from, to, ZONE) ?? [];
}

function opened(file: string): HistoryStore {
  const store = HistoryStore.open(file);
  if (store === undefined) throw new Error(`${file} is of a newer version`);
  return store;
}

/** Milliseconds. */
function looking(file: string, look: (answers: HistoryAnswers) => unknown): number {
  const store = opened(file);
  const begin = performance.now();
  look(new HistoryAnswers(new HistoryQueries(store.database), () => undefined));
  const took = performance.now() - begin;
  store.close();
  return took;
}

function fill(store: HistoryStore, end: number): void {
  const hours = (YEARS * YEAR) / HOUR;
  for (let hour = 0; hour < hours; hour += AT_ONCE)
    store.add(
      Array.from({ length: Math.min(AT_ONCE, hours - hour) }, (_, index) =>
        readingAt(end - YEARS * YEAR + (hour + index) * HOUR, hour + index),
      ),
      1e9,
    );
  store.close();
}

/** Another meter, which is read for the first time, and wrote each day down. */
function remember(file: string, end: number): void {
  const store = opened(file);
  const meter = { serialNumber: '87654321', name: LOGGED };
  const energy = (days: number) => ({ quantity: 'heat_energy', unit: 'GJ', decimals: 3, total: days / 10 });
  const days = (YEARS * YEAR) / DAY;
  const rows = Array.from({ length: days }, (_, day) => {
    const { total, ...told } = energy(day);
    const endedAt = end - (days - day) * DAY;
    const meterTime = new Date(endedAt).toISOString().slice(0, 19);
    const values = [{ ...told, register: 60, value: new Big(total.toFixed(3)) }];
    return { ...{ logger: 'day' as const, id: day, meterTime, endedAt }, values };
  });
  new LogStore(store.database).add(meter, rows);
  const { total, ...told } = energy(days);
  store.add([{ ...meter, values: [{ ...told, value: total, isTotal: true, at: end }] }], 1e9);
  store.close();
}

function readingAt(at: number, hour: number): StoredReading {
  const swing = Math.sin(hour / 24);
  const now = (quantity: string, unit: string, decimals: number, value: number, isTotal = false) => ({
    quantity,
    unit,
    decimals,
    value: Number(value.toFixed(decimals)),
    isTotal,
    at,
  });
  return {
    serialNumber: '12345678',
    name: NAME,
    values: [
      now('heat_energy', 'GJ', 3, hour / 100, true),
      now('volume', 'm³', 2, hour / 10, true),
      now('power', 'kW', 1, 3 + swing),
      now('flow', 'l/h', 0, 100 + 20 * swing),
      ...TEMPERATURES.map((quantity, index) => now(quantity, '°C', 2, 60 - 10 * index + swing)),
    ],
  };
}
