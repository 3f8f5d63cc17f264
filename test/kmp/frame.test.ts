import { describe, expect, it } from 'vitest';
import { applicationBytes, toHex } from '../../src/kmp/bytes.ts';
import { decodeFrame, encodeFrame, METER_ADDRESS } from '../../src/kmp/frame.ts';
import { wireOf } from '../fixtures/frame-vectors.ts';

describe('a frame', () => {
  it('starts with 80 towards the meter and with 40 from it', () => {
    const application = applicationBytes([0x10]);
    const content = { destination: METER_ADDRESS, application };
    expect(toHex(encodeFrame({ ...content, direction: 'from-meter' }))).toBe('403F10079A0D');
    expect(toHex(encodeFrame({ ...content, direction: 'to-meter' }))).toBe('803F10079A0D');
  });

  it('may have another destination: a logger module at 7F', () => {
    const wire = encodeFrame({
      direction: 'to-meter',
      destination: 0x7f,
      application: applicationBytes([0x02]),
    });
    expect(decodeFrame(wire)).toMatchObject({ ok: true, frame: { destination: 0x7f } });
  });

  it('is legal with a reply of no registers', () => {
    expect(decodeFrame(wireOf('403F10079A0D'))).toEqual({
      ok: true,
      frame: { direction: 'from-meter', destination: 0x3f, application: applicationBytes([0x10]) },
    });
  });

  it('with a wrong checksum tells what it claims to be', () => {
    expect(decodeFrame(wireOf('403F10079B0D'))).toEqual({
      ok: false,
      fault: 'checksum',
      direction: 'from-meter',
      claimed: { direction: 'from-meter', destination: 0x3f, application: applicationBytes([0x10]) },
    });
  });

  it('is refused for its stuffing where an escape is followed by a plain byte', () => {
    expect(decodeFrame(wireOf('803F1B10079A0D'))).toEqual({
      ok: false,
      fault: 'stuffing',
      direction: 'to-meter',
    });
  });

  it.each([
    '400D',
    '403F0D',
    '403F100D',
    '403F10070D',
    '',
  ])('is too short without destination, command and checksum: %j', (hex) => {
    expect(decodeFrame(wireOf(hex))).toEqual({ ok: false, fault: 'too-short', direction: 'from-meter' });
  });

  it('is too short where only its stuffing makes it long enough', () => {
    expect(decodeFrame(wireOf('401B7F1BBF1BF20D'))).toMatchObject({ ok: false, fault: 'too-short' });
  });
});
