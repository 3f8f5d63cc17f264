import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/history/database.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const RECORDER = resolve(import.meta.dirname, '../../dist/history/recorder.js');
const BASE = Date.UTC(2026, 0, 1);
/** A reading each twenty seconds of the recorder's clock, which writes once a minute. */
const STEP = 20_000;
const OF_A_MINUTE = 3;

/** Takes readings as fast as it can, and says each number when it has been taken. */
const CHILD = `
import { writeSync } from 'node:fs';
import { Big } from 'big.js';
import { HistoryRecorder } from ${JSON.stringify(RECORDER)};
let n = Number(process.argv[2]);
const now = () => ${BASE} + n * ${STEP};
const clock = { now, monotonic: () => n * ${STEP}, after: () => () => {} };
const logger = { error() {}, warn: (text) => process.stderr.write(text), info() {}, debug() {}, withoutSecrets: (text) => text };
const recorder = new HistoryRecorder({ file: process.argv[1], mostBytes: 1e9, clock, logger });
recorder.start();
for (; ; n++) {
  const value = { kind: 'number', value: new Big(n), decimals: 0 };
  const reading = { quantity: 'heat_energy', label: '', register: 60, nature: 'total', value, unit: 'GJ', readAt: now() };
  recorder.readingTaken({ serialNumber: '1', name: 'House' }, [reading]);
  writeSync(1, n + '\\n');
}`;

/** Resolves to the last number that it said. */
async function killedAfter(file: string, from: number, lines: number): Promise<number> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', CHILD, file, String(from)], {
    cwd: resolve(import.meta.dirname, '../..'),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let wrong = '';
  child.stderr.on('data', (text) => {
    wrong += text;
  });
  child.stdout.on('data', (text) => {
    said += text;
    if (said.split('\n').length > lines) child.kill('SIGKILL');
  });
  await new Promise((done) => child.on('close', done));
  expect(wrong).toBe('');
  return Number(said.split('\n').at(-2));
}

describe('the history of a program that is killed while it writes', () => {
  it('is whole each time, and lacks the last minute at most', async () => {
    if (!existsSync(RECORDER)) throw new Error('npm run build comes first');
    const file = `${temporaryFolder()}/history.db`;
    let from = 0;
    for (const lines of [1, 7, 50, 333, 1_000, 2_500, 40, 3]) {
      const last = await killedAfter(file, from, lines);
      const database = openDatabase(file);
      const rows = database
        .prepare('SELECT DISTINCT value FROM reading WHERE value >= ? ORDER BY value')
        .all(from) as readonly { readonly value: number }[];
      expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
      database.close();
      const kept = rows.map(({ value }) => value);
      expect(kept).toEqual(Array.from(kept, (_, index) => from + index));
      expect(kept.length).toBeGreaterThan(last - from - OF_A_MINUTE);
      from = last + 10;
    }
  });
});
