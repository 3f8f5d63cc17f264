import { describe, expect, it } from 'vitest';
import { type ApplicationBytes, applicationBytes, wireBytes } from '../../src/kmp/bytes.ts';
import { bytesInWords } from '../../src/kmp/bytes-in-words.ts';
import { encodeFrame } from '../../src/kmp/frame.ts';
import {
  encodeGetRegisterReply,
  encodeGetRegisterRequest,
  encodeGetSerialNoReply,
  encodeGetSerialNoRequest,
  encodeGetTypeReply,
  encodeGetTypeRequest,
} from '../../src/kmp/messages.ts';
import { numberRecord } from '../../src/kmp/register.ts';

const request = (application: ApplicationBytes) =>
  encodeFrame({ direction: 'to-meter', destination: 0x3f, application });
const reply = (application: ApplicationBytes) =>
  encodeFrame({ direction: 'from-meter', destination: 0x3f, application });

/** Meanings, after a look whether every byte is there, in its order. */
function meanings(bytes: Uint8Array, echoOf?: Uint8Array): readonly string[] {
  const parts = bytesInWords(bytes, echoOf && wireBytes(echoOf));
  expect(parts.map((part) => part.bytes).join('')).toBe(Buffer.from(bytes).toString('hex').toUpperCase());
  return parts.map(({ meaning }) => meaning);
}

describe('the bytes of a line in words', () => {
  it('are those of a request for registers', () => {
    expect(meanings(request(encodeGetRegisterRequest([60, 4242])))).toEqual([
      'a request begins',
      'to the meter with address 63',
      'command GetRegister',
      'number of registers: 2',
      'register 60: Heat energy',
      'register 4242: Register 4242',
      'checksum, which fits',
      'the end',
    ]);
  });

  it('are those of its reply, with bytes that are escaped, with and without a sign and a unit', () => {
    // 0x80400d061b: every byte of it means something to the line.
    const records = [numberRecord(60, 8, 0x40_0d_06_1bn, 3, 4), numberRecord(4242, 0, -5n, -1, 1)];
    expect(meanings(reply(encodeGetRegisterReply(records)))).toEqual([
      'a reply begins',
      'of the meter with address 63',
      'command GetRegister',
      'register 60: Heat energy',
      'unit GJ',
      'length of the value: 4',
      'sign +, exponent -3',
      'value: 1074595.355 GJ',
      'register 4242: Register 4242',
      expect.stringMatching(/^unit code 0/),
      'length of the value: 1',
      'sign -, exponent 1',
      'value: -50',
      'checksum, which fits',
      'the end',
    ]);
  });

  it('are those of number and type', () => {
    expect(meanings(request(encodeGetSerialNoRequest()))).toHaveLength(5);
    expect(meanings(reply(encodeGetSerialNoReply(84968362)))).toContain('serial number 84968362');
    expect(meanings(request(encodeGetTypeRequest()))).toContain('command GetType');
    const type = { meterType: 0x0b01, softwareRevision: 'F1' };
    expect(meanings(reply(encodeGetTypeReply(type)))).toEqual(
      expect.arrayContaining(['type 2817', 'software revision: F1']),
    );
    expect(meanings(reply(encodeGetTypeReply({ ...type, softwareRevision: null })))).toContain(
      'software revision: none',
    );
  });

  it('are those of commands that are not spoken here', () => {
    const unknown = 'data that this program does not know';
    expect(meanings(reply(applicationBytes([0xa0, 1, 2])))).toContain(unknown);
    expect(meanings(reply(applicationBytes([0xa0])))).not.toContain(unknown);
  });

  it('are none where a meter says "never"', () => {
    const never = { id: 97, unit: 48, signExponent: 0, magnitude: Uint8Array.of(0, 0, 0, 0) };
    expect(meanings(reply(encodeGetRegisterReply([never])))).toContainEqual(
      expect.stringMatching(/^value: none/),
    );
  });

  it('tell an echo from a request', () => {
    const sent = request(encodeGetSerialNoRequest());
    const answer = reply(encodeGetSerialNoReply(7));
    const [first, second] = meanings(Uint8Array.from([...sent, ...answer]), sent);
    expect([first, second]).toEqual(['our own request, which the head has thrown back', 'a reply begins']);
  });

  const good = Array.from(reply(encodeGetSerialNoReply(7)));
  it.each([
    ['acknowledgement', [0x06]],
    ['a lone 00, which a meter may send unasked', [0x00]],
    ['noise: part of no frame', [0x12, 0x34]],
    ['a frame that is cut: its last byte 0D did not come', good.slice(0, 5)],
    ['a damaged frame: its checksum does not fit, so nothing in it is believed', good.with(4, 0x55)],
    ['a damaged frame: an escape (1B) stands before a byte that is never escaped', good.with(3, 0x1b)],
    ['a damaged frame: it has too few bytes', [0x40, 0x3f, 0x0d]],
    ['more bytes than any frame has', [0x40, ...Array(2047).fill(0x11)]],
  ])('tell what is wrong: %s', (meaning, bytes) => {
    expect(meanings(Uint8Array.from(bytes))).toEqual([meaning]);
  });
});
