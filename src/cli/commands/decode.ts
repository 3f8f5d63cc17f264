import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { type Explained, type ExplainedFrame, explainFrames } from '../../kmp/explain.ts';
import { Multical2MqttError } from '../../shared/errors.ts';
import { type Io, print, printJson, table } from '../io.ts';

export function addDecode(program: Command, io: Io): void {
  program
    .command('decode')
    .description('explain frames, from the arguments or from standard input')
    .argument('[hex...]', 'frames as hex digits')
    .option('--json', 'print one JSON object a frame a line')
    .action(async (words: string[], { json }: { json?: true }) => {
      const explained: Explained[] = [];
      for (const item of explainFrames(words.length > 0 ? words.join(' ') : await text(io.input))) {
        show(item, json === true, io);
        explained.push(item);
      }
      if (explained.some((item) => 'crc' in item && item.crc === 'invalid')) {
        throw new Multical2MqttError(
          'failed',
          'A frame is damaged: its checksum does not fit, so its values are not shown.',
        );
      }
      if (explained.every((item) => 'stray' in item)) {
        throw new Multical2MqttError(
          'not-a-frame',
          'There is no frame in the text: a frame begins with 80 or 40 and ends with 0D.',
        );
      }
    });
}

function show(item: Explained, json: boolean, io: Io): void {
  if ('stray' in item) print(io.err, `Between frames: ${item.hex}`);
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
    ['data', data],
  ];
  const known = facts.filter((fact): fact is [string, string] => fact[1] !== undefined);
  return [
    hex,
    ...table(known).map((line) => `  ${line}`),
    ...registerLines(registers ?? []).map((line) => `  ${line}`),
    '',
  ];
}

function registerLines(registers: NonNullable<ExplainedFrame['registers']>): string[] {
  const rows = registers.map((register) =>
    typeof register === 'number'
      ? ['register', String(register)]
      : ['register', String(register.id), register.quantity, register.value ?? '-', register.unit],
  );
  return table(rows, [3]);
}

function byte(value: number): string {
  return `0x${value.toString(16).padStart(2, '0')}`;
}
