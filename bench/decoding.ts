import { FrameReader } from '../src/kmp/frame.ts';
import { decodeMessage } from '../src/kmp/messages.ts';
import { decodeRegisterValue } from '../src/kmp/register.ts';
import type { Figure } from './figure.ts';
import { REPLY } from './sample-readings.ts';

const DURATION = 1000;

/** From bytes to exact values, one frame after the other. */
export function decoding(wire: Uint8Array = REPLY): Figure {
  const reader = new FrameReader();
  let frames = 0;
  const begin = performance.now();
  while (performance.now() - begin < DURATION) {
    for (let repeat = 0; repeat < 100; repeat++) {
      for (const item of reader.push(wire)) {
        if (item.kind !== 'frame') throw new Error(`the reply is no frame but ${item.kind}`);
        const message = decodeMessage(item.frame);
        if (message.kind === 'registers') message.records.map(decodeRegisterValue);
        frames++;
      }
    }
  }
  return {
    name: 'frames decoded a second',
    value: (frames * 1000) / (performance.now() - begin),
    unit: '1/s',
  };
}
