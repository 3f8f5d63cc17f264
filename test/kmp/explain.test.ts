import { describe, expect, it } from 'vitest';
import { type ExplainedFrame, explainFrames } from '../../src/kmp/explain.ts';
import {
  FRAME_VECTORS,
  provenance,
  UNSTUFFED_ON_PURPOSE,
  VALID_FRAME_VECTORS,
} from '../fixtures/frame-vectors.ts';

function theFrame(text: string): ExplainedFrame {
  const [frame, ...rest] = Array.from(explainFrames(text)).filter((item) => !('flaw' in item));
  if (frame === undefined || !('crc' in frame) || rest.length > 0) throw new Error(`not one frame: ${text}`);
  return frame;
}

describe('explaining frames of others', () => {
  it.each(
    VALID_FRAME_VECTORS.filter(({ hex }) => hex !== UNSTUFFED_ON_PURPOSE).map(
      (vector) => [provenance(vector), vector] as const,
    ),
  )('%s', (_, { hex, direction, expected }) => {
    const frame = theFrame(hex);
    expect(frame).toMatchObject({
      hex,
      crc: 'valid',
      direction: direction === 'request' ? 'to-meter' : 'from-meter',
    });
    if (expected.serial !== undefined) expect(frame.serialNumber).toBe(expected.serial);
    if (expected.softwareRevision) expect(frame.softwareRevision).toBe(expected.softwareRevision);
    if (frame.registers === undefined) return;
    const ids = frame.registers.map((register) => (typeof register === 'number' ? register : register.id));
    const named = expected.registers?.map((register) =>
      typeof register === 'number' ? register : register.id,
    );
    expect(ids).toEqual(named ?? ids);
  });

  it('never shows a value of a frame whose checksum is wrong', () => {
    for (const { hex } of FRAME_VECTORS.filter(({ crc }) => crc === 'invalid')) {
      const frames = Array.from(explainFrames(hex));
      expect(frames).toEqual([
        expect.objectContaining({ crc: 'invalid' }),
        { flaw: expect.stringContaining('damaged'), line: 1 },
      ]);
      expect(frames[0]).not.toHaveProperty('registers');
      expect(frames[0]).not.toHaveProperty('data');
    }
  });

  it.each([
    ['an escape before a byte that is never escaped', '80 3F 1B 00 02 35 E9 0D'],
    ['too few bytes', '80 3F 0D'],
    ['too many bytes', `40${'11'.repeat(2047)}`],
  ])('shows a frame with %s as damaged, without a command', (_, text) => {
    const frame = theFrame(text);
    expect(frame.crc).toBe('invalid');
    expect(frame).not.toHaveProperty('cid');
  });

  it('keeps everything in its order: noise, frames, acknowledges', () => {
    expect(Array.from(explainFrames('00 803F0235E90D 06 403F0201234567E9560D FF'))).toMatchObject([
      { hex: '00', stray: true },
      { direction: 'to-meter', command: 'GetSerialNo' },
      { ack: true },
      { direction: 'from-meter', serialNumber: 19088743 },
      { hex: 'FF', stray: true },
    ]);
  });
});
