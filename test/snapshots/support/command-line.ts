import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type CliRun, runCli } from '../../support/run-cli.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { filesBelow } from './dump.ts';

const FRAMES = resolve(import.meta.dirname, '../../fixtures/frames.jsonl');
const COMMANDS = [
  'run',
  'read',
  'identify',
  'probe',
  'align',
  'ports',
  'decode',
  'simulate',
  'check',
  'health',
  'demo',
  'completion',
];

/** The run of a command, whole. */
export function told(words: readonly string[], { code, out, err }: CliRun): readonly string[] {
  const lines = [`== ${words.join(' ')}`, `exit code ${code}`, '-- output', out, '-- errors', err];
  return lines.map((line) => line.replaceAll(process.cwd(), 'HERE'));
}

export async function helpTexts(): Promise<readonly string[]> {
  const runs = [['--help'], ['--version'], ...COMMANDS.map((command) => [command, '--help']), ['help']];
  return inTurn(runs, async (words) => told(words, await runCli(words)));
}

export function refusedWords(): Promise<readonly string[]> {
  const port = ['--port', '/dev/null'];
  const runs = [
    ['frobnicate'],
    ['run', 'read'],
    ['read', '--port', ' '],
    ['ports', '--frob'],
    ['read'],
    ['identify'],
    ['probe'],
    ['align'],
    ['read', '65536', ...port],
    ['read', 'energy', ...port],
    ['read', '--format', 'yaml', ...port],
    ['read', '--schedule', 'hourly', ...port],
    ['read', '--watch', '--schedule', 'hurly', ...port],
    ['read', '--watch', '--schedule=', ...port],
    ['read', '--address', '0', ...port],
    ['read', '--baud-rate', '1', ...port],
    ['read', '--timeout-allowance', '-1', ...port],
    ['read', '--wake-up', 'loudly', ...port],
    ['read', '--port', '/dev/there-is-none'],
    ['read', '--port', 'tcp://127.0.0.1:1'],
    ['identify', '--port', 'tcp://nowhere'],
    ['align', '--seconds', '0', ...port],
    ['probe', '--config', '/there/is/none.json', ...port],
    ['simulate'],
    ['simulate', '--link', '/tmp/x', '--tcp', '0'],
    ['simulate', '--tcp', '0', '--model', '66'],
    ['simulate', '--tcp', '0', '--fault', 'gremlins'],
    ['simulate', '--tcp', '0', '--condition', 'gloom'],
    ['simulate', '--tcp', '0', '--condition', 'dry'],
    ['simulate', '--tcp', '0', '--speed', '0'],
    ['demo', '--cycles', '0'],
    ['run', '--port', 'nowhere', '--log-level', 'loud'],
    ['run', '--config', '/there/is/none.json'],
    ['check', '--config', '/there/is/none.json'],
    ['health', '--data-dir', '/there/is/none'],
  ];
  return inTurn(runs, async (words) => told(words, await runCli(words)));
}

export function portsTexts(): Promise<readonly string[]> {
  const head = {
    path: '/dev/ttyUSB0',
    stablePath: '/dev/serial/by-id/usb-FTDI_A1',
    maker: 'FTDI',
    serialNumber: 'A1',
  };
  const plain = { path: '/dev/ttyS0', stablePath: null, maker: null, serialNumber: null };
  const runs = [[], [head], [plain], [plain, head]].flatMap((ports) => [
    { words: ['ports'], ports },
    { words: ['ports', '--json'], ports },
  ]);
  return inTurn(runs, async ({ words, ports }) => told(words, await runCli(words, { ports })));
}

/** Every frame alone, all of them at once, and texts that are none. */
export async function decodedFrames(): Promise<readonly string[]> {
  const frames = readFileSync(FRAMES, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line): string => JSON.parse(line).hex);
  const faulty = [
    '',
    '12 34',
    '40 3F 10',
    `00\n403F\n${frames[0]}`,
    '40 3G',
    '40\nxy',
    '06',
    '00FF',
    '\\x06',
  ];
  return inTurn([...frames, frames.join('\n'), ...faulty], async (input) => [
    ...told(['decode', JSON.stringify(input)], await runCli(['decode'], { input })),
    ...told(['decode', '--json'], await runCli(['decode', '--json'], { input })),
  ]);
}

/** What commands tell of the meter at which `place` points. */
export async function meterTexts(place: readonly string[]): Promise<readonly string[]> {
  const dataDir = temporaryFolder();
  const runs = [
    ['identify'],
    ['identify', '--json'],
    ['read'],
    ['read', '--json'],
    ['read', '--format', 'csv'],
    ['read', '--format', 'influx'],
    ['read', '60', '68', '0x50', '155', '1003'],
    ['read', '60000'],
    ['probe', '--data-dir', dataDir],
    ['probe', '--json', '--data-dir', temporaryFolder()],
  ];
  const texts = await inTurn(runs, async (words) =>
    told(words, await runCli([...words, ...place], { terminal: false })),
  );
  // Of an electricity meter nothing is printed at the first reading, unless registers are named.
  const named = texts.some((text) => /^kind +electricity$/m.test(text)) ? ['1003', '1004'] : [];
  const watched = await inTurn(['table', 'json', 'csv', 'influx'], async (format) => {
    const words = ['read', ...named, '--watch', '--schedule', '0 0 29 2 *', '--format', format];
    return told(words, await watchOnce([...words, ...place], format === 'table' || format === 'csv' ? 2 : 1));
  });
  const port = place[1] ?? '';
  return [...texts, ...watched, '== data folder', ...filesBelow(dataDir)].map((line) =>
    line
      .replaceAll(port, 'PORT')
      .replaceAll(/\/tmp\/multical2mqtt-\w+/g, 'FOLDER')
      .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d/g, 'NOW')
      .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, 'NOW')
      .replaceAll(/\b1\d{12}\b/g, 'NOW'),
  );
}

function watchOnce(words: readonly string[], lines: number): Promise<CliRun> {
  const stop = new AbortController();
  let out = '';
  return runCli(words, {
    signal: stop.signal,
    onOut: (text) => {
      out += text;
      if (out.split('\n').length > lines) stop.abort();
    },
  });
}

export async function inTurn<Item>(
  items: readonly Item[],
  lines: (item: Item) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const all: string[] = [];
  for (const item of items) all.push(...(await lines(item)));
  return all;
}
