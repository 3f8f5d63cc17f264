import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../../src/log/winston-logger.ts';
import { runCli } from '../support/run-cli.ts';

const REQUEST = '803F1001003CB25F0D';
const REPLY = '403F10003C0304430000D6DE03220D';

const YEAR_CONFIGURATION =
  '403FB805020101010100000100010000142B003C003F0061006E001BBF0041016A00440054005501710063007B017F007C007D011B7F007E007F0181001B7F00810182008203EC00AF005E003D003E005F006001D901DA004500E000E10048004902030152015C03EB03EAD5640D';

async function decoded(input: string): Promise<{ code: number; frames: unknown[]; err: string }> {
  const { code, out, err } = await runCli(['decode', '--json'], { input });
  return {
    code,
    err,
    frames: out
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
  };
}

describe('decode --json', () => {
  it('explains a request and its reply, one object a line', async () => {
    const { code, frames } = await decoded(REQUEST + REPLY);
    expect(code).toBe(0);
    const head = { destination: 63, cid: 16, command: 'GetRegister', crc: 'valid' };
    expect(frames).toEqual([
      { hex: REQUEST, direction: 'to-meter', ...head, registers: [60] },
      {
        hex: REPLY,
        direction: 'from-meter',
        ...head,
        registers: [{ id: 60, quantity: 'heat_energy', value: '55.006', unit: 'MWh' }],
      },
    ]);
  });

  it('explains type, serial number, dates and times', async () => {
    const { frames } = await decoded(
      '403F0100041BF90126990D 403F0201234567E9560D 803F01058A0D 403F1003EB300400000224DC03EA2F0400000054C429F30D',
    );
    expect(frames).toMatchObject([
      { command: 'GetType', meterType: 4, softwareRevision: 'F1' },
      { command: 'GetSerialNo', serialNumber: 19088743 },
      { command: 'GetType', direction: 'to-meter' },
      {
        registers: [
          { quantity: 'date', value: '2014-05-08', unit: '' },
          { quantity: 'clock', value: '02:17:00', unit: '' },
        ],
      },
    ]);
  });

  it('shows an acknowledge', async () => {
    expect(await decoded('06')).toMatchObject({ code: 0, frames: [{ hex: '06', ack: true }] });
  });

  it('shows commands of others with their bytes', async () => {
    const { frames } = await decoded('803F09000224DC00007724235D0D');
    expect(frames).toMatchObject([{ cid: 9, command: 'SetClock', data: '000224DC00007724', crc: 'valid' }]);
  });

  it('gives no values of a damaged frame, and exit code 1', async () => {
    const { code, frames, err } = await decoded(REPLY.replace('D6DE', 'D6DF'));
    expect(frames).toEqual([expect.objectContaining({ crc: 'invalid', cid: 16 })]);
    expect(frames[0]).not.toHaveProperty('registers');
    expect([code, err]).toEqual([1, expect.stringContaining('checksum')]);
  });

  it.each([
    '80 3F 10 01 00 3C B2 5F 0D',
    '80,3f,10,01,00,3c,b2,5f,0d\n',
    '0x80 0x3F 0x10 0x01 0x00 0x3C 0xB2 0x5F 0x0D',
    '\\x80\\x3F\\x10\\x01\\x00\\x3C\\xB2\\x5F\\x0D',
    '80:3F:10:01:00:3C:B2:5F:0D',
    "b'803F1001003CB25F0D'".slice(2),
  ])('reads hex as people paste it: %s', async (input) => {
    expect(await decoded(input)).toMatchObject({ code: 0, frames: [{ hex: REQUEST }] });
  });
});

describe('decode', () => {
  it('takes its frames from the arguments, and reads well', async () => {
    const { code, out } = await runCli(['decode', ...((REQUEST + REPLY).match(/../g) ?? [])]);
    expect(code).toBe(0);
    expect(out).toMatch(/direction +to meter/);
    expect(out).toMatch(/60 +heat_energy +55\.006 +MWh/);
  });

  it('shows an acknowledge and what the meter says of itself', async () => {
    const { out } = await runCli(['decode', '06', '403F0100041BF90126990D', '403F0201234567E9560D']);
    expect(out).toMatch(/06 +acknowledge/);
    expect(out).toMatch(/meter type +0x0004/);
    expect(out).toMatch(/software revision +F1/);
    expect(out).toMatch(/serial number +19088743/);
  });

  it('tells on standard error what stands between frames', async () => {
    const { code, out, err } = await runCli(['decode', '00', REQUEST, 'FF']);
    expect([code, err]).toEqual([0, 'Between frames: 00\nBetween frames: FF\n']);
    expect(out).toContain(REQUEST);
  });

  it.each([
    ['40 3F 10', /frame that starts at line 1, column 1 \(byte 1\) is cut: the text ends/],
    [`00\n403F\n${REQUEST}`, /starts at line 2, column 1 \(byte 2\) is cut: another one starts/],
    ['40 3G', /Line 1, column 4: a byte of one digit/],
    ['40\nxy', /Line 2, column 1: "x", which is no hex digit/],
    ['', /no bytes in the text/],
    ['12 34', /no frame in the text/],
  ])('of %j says what is wrong and where, with exit code 1', async (input, complaint) => {
    const { code, err } = await runCli(['decode'], { input });
    expect(err).toMatch(complaint);
    expect(code).toBe(1);
  });
});

describe('a bad frame', () => {
  it('does not keep those before and after it from being explained', async () => {
    const cut = '403F10003C0304';
    const input = [REQUEST, cut, REPLY, REPLY.replace('D6DE', 'D6DF'), 'no hex', REPLY].join('\n');
    const { code, frames, err } = await decoded(input);
    expect(frames.map((frame) => (frame as { crc: string }).crc)).toEqual([
      'valid',
      'valid',
      'invalid',
      'valid',
    ]);
    expect(err.trim().split('\n')).toEqual([
      expect.stringMatching(/line 2, column 1 .* is cut: another one starts/),
      expect.stringMatching(/line 4, column 1 .* is damaged: its checksum/),
      expect.stringMatching(/^Line 5, column 1: "n"/),
      expect.stringMatching(/^Decoded: 3 frames. Not decoded: something in lines 2, 4, 5/),
    ]);
    expect(code).toBe(1);
  });

  it('is told with its place where it is the last', async () => {
    const { code, frames, err } = await decoded('803F0235E90D 403F10');
    expect(frames).toMatchObject([{ command: 'GetSerialNo' }]);
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/starts at line 1, column 14 .* is cut: the text/),
    ]);
  });
});

describe('decode of a log', () => {
  it('shows what is asked for, and each row that comes', async () => {
    const { code, out } = await runCli(['decode'], {
      input:
        '803FB81BF9020000000200020103EB75070D 403FB81BF902000201000000020000000200C003EB3004000003F8050003D0F5AA3A0D',
    });
    expect(code).toBe(0);
    expect(out).toMatch(/logger +year\n +asks for +up to 2 rows from 2 down\n +register +1003/);
    expect(out).toMatch(/newest row +2\n +flags +oldest-included, newest-included\n/);
    expect(out).toMatch(
      /row {2}2 {2}register {2}1003 {2}date {2}2026-01-01\n +row {2}1 {2}register {2}1003 {2}date {2}2025-01-01/,
    );
  });

  it('shows how many rows a logger holds', async () => {
    const { out } = await runCli(['decode'], { input: YEAR_CONFIGURATION });
    expect(out).toMatch(/rows that it holds +20\n +register +60\n/);
  });
});

describe('decode of the own log', () => {
  /** What the program itself writes of these frames and of other things. */
  async function logOf(format: 'text' | 'json'): Promise<string[]> {
    const stream = new PassThrough();
    const { debug, info } = createLogger({ level: 'debug', format, stream });
    info('Reading heat 84 GJ > 12');
    debug(`tcp://10.0.0.5:4000 < ${REQUEST}`);
    debug(`tcp://10.0.0.5:4000 > ${REQUEST} (our echo)`);
    debug('tcp://10.0.0.5:4000 > 403F1000 (discarded: interrupted)');
    debug('tcp://10.0.0.5:4000: try 1 of 3 failed', { bytes: 4 });
    debug(`MULTICAL 403 answers get-register: ${REPLY}`);
    stream.end();
    return (await text(stream)).split('\n');
  }

  it.each([
    ['text', (line: string) => line],
    ['json', (line: string) => line],
    ['text', (line: string) => `Nov 28 16:13:22 pi multical2mqtt[812]: ${line}\r`],
    ['text', (line: string) => line.replace(/\bdebug\b/, '\x1b[36mdebug\x1b[39m')],
    ['text', (line: string) => line.replace(/^.*debug tcp/, 'tcp')],
  ] as const)('finds its frames (%s), and says which line is bad', async (format, style) => {
    const log = (await logOf(format)).map(style).join('\n');
    const { code, frames, err } = await decoded(log);
    expect(frames).toMatchObject([{ hex: REQUEST }, { hex: REQUEST }, { hex: REPLY, crc: 'valid' }]);
    expect(err).toMatch(/^The frame that starts at line 4, column \d+ \(byte \d+\) is cut/);
    expect(err).toMatch(/in line 4, as said above/);
    expect(code).toBe(1);
  });

  it('is content with one that has no bad frame', async () => {
    const log = await logOf('text');
    expect(await decoded(log.filter((line) => !line.includes('discarded')).join('\n'))).toMatchObject({
      code: 0,
      err: '',
    });
  });

  it('says how it gets frames into a log that has none', async () => {
    const [first] = await logOf('text');
    expect(await decoded(`${first}`)).toMatchObject({
      code: 1,
      err: expect.stringContaining('no frame in this log. At level debug'),
    });
  });
});
