import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applicationBytes } from '../../src/kmp/bytes.ts';
import { decodeFrame, encodeFrame, type Frame } from '../../src/kmp/frame.ts';
import { encodeIntervalLogReply } from '../../src/kmp/interval-log.ts';
import { encodeLogPageReply } from '../../src/kmp/logger.ts';
import {
  decodeMessage,
  encodeGetRegisterReply,
  encodeGetRegisterRequest,
  encodeGetSerialNoReply,
  encodeGetTypeReply,
  type Message,
} from '../../src/kmp/messages.ts';
import { awkwardBytes, FIXED, frame, registerId, registerRecord } from './support/kmp-arbitraries.ts';

const word = fc.integer({ min: 0, max: 0xffff });

/** The message as it arrives after a way over the wire. */
function received(content: Pick<Frame, 'direction' | 'application'>): Message {
  const decoded = decodeFrame(encodeFrame({ ...content, destination: 0x3f }));
  return decoded.ok ? decodeMessage(decoded.frame) : { kind: 'other' };
}

function letterCode(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : `${String.fromCharCode(64 + Math.floor(index / 26))}${last}`;
}

const softwareRevision = fc
  .tuple(fc.integer({ min: 0, max: 254 }), fc.integer({ min: 0, max: 255 }))
  .map(([letter, number]) => `${letterCode(letter)}${number}`);

describe('any command', () => {
  it('GetType gives the type that was sent', () => {
    const type = fc.record({
      meterType: word,
      softwareRevision: fc.option(softwareRevision),
    });
    fc.assert(
      fc.property(type, (sent) => {
        const message = received({ direction: 'from-meter', application: encodeGetTypeReply(sent) });
        expect(message).toEqual({ kind: 'type', ...sent });
      }),
      FIXED,
    );
  });

  it('GetSerialNo gives the number that was sent', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (serialNumber) => {
        const application = encodeGetSerialNoReply(serialNumber);
        const message = received({ direction: 'from-meter', application });
        expect(message).toEqual({ kind: 'serial-no', serialNumber });
      }),
      FIXED,
    );
  });

  it('GetRegister asks for the registers that were named', () => {
    fc.assert(
      fc.property(fc.array(registerId, { minLength: 1, maxLength: 8 }), (ids) => {
        const message = received({ direction: 'to-meter', application: encodeGetRegisterRequest(ids) });
        expect(message).toEqual({ kind: 'get-register', ids });
      }),
      FIXED,
    );
  });

  it('GetRegister gives the registers that were sent', () => {
    fc.assert(
      fc.property(fc.array(registerRecord, { maxLength: 8 }), (records) => {
        const message = received({ direction: 'from-meter', application: encodeGetRegisterReply(records) });
        expect(message).toEqual({ kind: 'registers', records });
      }),
      FIXED,
    );
  });
});

/** Rows of the same formats. */
const logRows = fc
  .tuple(fc.array(registerRecord, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 12 }))
  .chain(([formats, count]) => {
    const lengths = formats.map(({ magnitude }) => magnitude.length);
    const values = fc.tuple(...lengths.map((length) => awkwardBytes(length, length)));
    return fc
      .array(values, { minLength: count, maxLength: count })
      .map((rows) =>
        rows.map((row) =>
          formats.map((format, index) => ({ ...format, magnitude: row[index] ?? format.magnitude })),
        ),
      );
  });

describe('any log', () => {
  it('of the x3 family gives the rows that were sent', () => {
    const newestId = fc.integer({ min: 12, max: 0xffff_ffff });
    fc.assert(
      fc.property(logRows, newestId, word, (all, newest, logger) => {
        const rows = all.map((records, index) => ({ id: newest - index, records }));
        const flags = new Set(['truncated', 'newest-included'] as const);
        const page = { asked: 'by-id', logger: logger & 0xff, rows, newestId: newest, flags } as const;
        const message = received({ direction: 'from-meter', application: encodeLogPageReply(page) });
        expect(message).toEqual({ kind: 'log-page', ...page });
      }),
      FIXED,
    );
  });

  it('of a module gives the rows that were sent', () => {
    fc.assert(
      fc.property(logRows, word, (all, id) => {
        const rows = all.map((records) => ({ id, records }));
        const flags = new Set<never>();
        const page = { command: 'from-id', log: 1, rows, lastId: id, newestId: id, flags } as const;
        const message = received({ direction: 'from-meter', application: encodeIntervalLogReply(page) });
        expect(message).toEqual({ kind: 'interval-log-page', ...page });
      }),
      FIXED,
    );
  });
});

describe('any frame', () => {
  it('is a message, if only another one', () => {
    fc.assert(
      fc.property(frame, (any) => {
        expect(decodeMessage(any).kind).toBeTypeOf('string');
      }),
      FIXED,
    );
  });

  it('with registers is encoded to the bytes it came from', () => {
    fc.assert(
      fc.property(awkwardBytes(0, 40), (data) => {
        const application = applicationBytes([0x10, ...data]);
        const message = received({ direction: 'from-meter', application });
        if (message.kind === 'registers') {
          expect(encodeGetRegisterReply(message.records)).toEqual(application);
        } else {
          expect(message).toEqual({ kind: 'other' });
        }
      }),
      FIXED,
    );
  });
});
