import { text } from 'node:stream/consumers';
import { stripVTControlCharacters } from 'node:util';
import type { Command } from 'commander';
import { type Explained, type ExplainedFrame, explainFrames, type Flaw } from '../../kmp/explain.ts';
import { isLog } from '../../kmp/hex-text.ts';
import { Multical2MqttError } from '../../shared/errors.ts';
import { type Io, print, printJson, table } from '../io.ts';

export function addDecode(program: Command, io: Io): void {
  program
    .command('decode')
    .description(
      'explain frames, from the arguments or from standard input, also those of a log at level debug',
    )
    .argument('[hex...]', 'frames as hex digits, or lines of the log')
    .option('--json', 'print one JSON object a frame a line')
    .action(async (words: string[], { json }: { json?: true }) => {
      // The log of a terminal that was recorded has its colours still.
      const given = stripVTControlCharacters(words.length > 0 ? words.join(' ') : await text(io.input));
      const items = Array.from(explainFrames(given));
      const [first] = items;
      if (first === undefined) throw new Multical2MqttError('not-a-frame', nothingIn(given));
      if (items.length === 1 && 'flaw' in first) throw new Multical2MqttError('not-a-frame', first.flaw);
      for (const item of items) show(item, json === true, io);
      const flaws = items.filter((item) => 'flaw' in item);
      if (flaws.length > 0) throw new Multical2MqttError('failed', summary(items, flaws));
      if (items.every((item) => 'stray' in item)) {
        throw new Multical2MqttError(
          'not-a-frame',
          'There is no frame in the text: a frame begins with 80 or 40 and ends with 0D.',
        );
      }
    });
}

function nothingIn(given: string): string {
  return isLog(given)
    ? 'There is no frame in this log. At level debug (`--log-level debug`, `read --verbose`) it shows every one.'
    : 'There are no bytes in the text. Paste a frame as hex digits, for example 80 3F 02 35 E9 0D.';
}

const MOST_LINES = 20;

/** Says last what has scrolled away. */
function summary(items: readonly (Explained | Flaw)[], flaws: readonly Flaw[]): string {
  const decoded = items.filter((item) => 'crc' in item && item.crc === 'valid').length;
  const lines = [...new Set(flaws.map(({ line }) => line))];
  const more = lines.length > MOST_LINES ? ` and ${lines.length - MOST_LINES} more` : '';
  const where = `${lines.length === 1 ? 'line' : 'lines'} ${lines.slice(0, MOST_LINES).join(', ')}${more}`;
  return `Decoded: ${decoded === 1 ? '1 frame' : `${decoded} frames`}. Not decoded: something in ${where}, as said above.`;
}

function show(item: Explained | Flaw, json: boolean, io: Io): void {
  if ('flaw' in item) print(io.err, item.flaw);
  else if ('stray' in item) print(io.err, `Between frames: ${item.hex}`);
  else if (json) printJson(io, item);
  else for (const line of 'ack' in item ? ['06  acknowledge'] : lines(item)) print(io.out, line);
}

function lines(frame: ExplainedFrame): string[] {
  const {
    hex,
    direction,
    destination,
    cid,
    command,
    crc,
    registers,
    meterType,
    softwareRevision,
    serialNumber,
    log,
    data,
  } = frame;
  const facts: [string, string | undefined][] = [
    ['direction', direction.replace('-', ' ')],
    ['destination', destination === undefined ? undefined : byte(destination)],
    ['command', cid === undefined ? undefined : `${command} (${byte(cid)})`],
    ['checksum', crc],
    ['meter type', meterType === undefined ? undefined : `0x${meterType.toString(16).padStart(4, '0')}`],
    ['software revision', softwareRevision === undefined ? undefined : (softwareRevision ?? 'not told')],
    ['serial number', serialNumber === undefined ? undefined : String(serialNumber)],
    ['logger', log?.logger],
    ['asks for', log?.wanted],
    ['rows that it holds', log?.depth === undefined ? undefined : String(log.depth)],
    ['newest row', log?.newestId === undefined ? undefined : String(log.newestId)],
    ['flags', log?.flags?.length ? log.flags.join(', ') : undefined],
    ['data', data],
  ];
  const known = facts.filter((fact): fact is [string, string] => fact[1] !== undefined);
  return [
    hex,
    ...table(known).map((line) => `  ${line}`),
    ...registerLines(registers ?? []).map((line) => `  ${line}`),
    ...rowLines(log?.rows ?? []).map((line) => `  ${line}`),
    '',
  ];
}

function rowLines(rows: NonNullable<NonNullable<ExplainedFrame['log']>['rows']>): string[] {
  const cells = rows.flatMap(({ id, registers }) =>
    registers.map((register) => [
      ...['row', String(id), 'register', String(register.id), register.quantity],
      ...[register.value ?? '-', register.unit],
    ]),
  );
  return table(cells, { right: [5] });
}

function registerLines(registers: NonNullable<ExplainedFrame['registers']>): string[] {
  const rows = registers.map((register) =>
    typeof register === 'number'
      ? ['register', String(register)]
      : ['register', String(register.id), register.quantity, register.value ?? '-', register.unit],
  );
  return table(rows, { right: [3] });
}

function byte(value: number): string {
  return `0x${value.toString(16).padStart(2, '0')}`;
}
