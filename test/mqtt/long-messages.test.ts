import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LongMessageFilter } from '../../src/mqtt/long-messages.ts';

const LONGEST = 200;
const PINGRESP = Buffer.from([0xd0, 0]);

function packet(type: number, flags: number, content: Uint8Array): Buffer {
  const digits: number[] = [];
  let rest = content.length;
  do {
    digits.push((rest % 128) | (rest >= 128 ? 0x80 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.concat([Buffer.from([(type << 4) | flags, ...digits]), content]);
}

function publish(topic: string, payload: number, qos: number, id = 7): Buffer {
  const name = Buffer.from(topic);
  const before = Buffer.from([name.length >> 8, name.length & 0xff, ...name, ...(qos > 0 ? [0, id] : [])]);
  return packet(3, qos << 1, Buffer.concat([before, Buffer.alloc(payload, 1)]));
}

function filtering() {
  const passed: Buffer[] = [];
  const acknowledged: string[] = [];
  const dropped: [string, number][] = [];
  const filter = new LongMessageFilter(LONGEST, {
    acknowledge: (bytes) => acknowledged.push(Buffer.from(bytes).toString('hex')),
    dropped: (topic, size) => dropped.push([topic, size]),
  });
  filter.on('data', (chunk: Buffer) => passed.push(chunk));
  const give = (bytes: Uint8Array): Promise<unknown> => new Promise((done) => filter.write(bytes, done));
  return { filter, give, acknowledged, dropped, passed: () => Buffer.concat(passed) };
}

describe('long messages', () => {
  it('are dropped and acknowledged, and everything else passes, however the bytes arrive', async () => {
    const short = fc
      .record({ payload: fc.nat(100), qos: fc.nat(1) })
      .map(({ payload, qos }) => ({ bytes: publish('a/b', payload, qos), isLong: false, qos }));
    const long = fc
      .record({ payload: fc.integer({ min: LONGEST, max: 40_000 }), qos: fc.nat(1) })
      .map(({ payload, qos }) => ({ bytes: publish('ä/long', payload, qos), isLong: true, qos }));
    const other = fc
      .record({ type: fc.constantFrom(2, 4, 9, 11, 13, 14), content: fc.uint8Array({ maxLength: 300 }) })
      .map(({ type, content }) => ({ bytes: packet(type, 0, content), isLong: false, qos: 0 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(short, long, other), { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1 }),
        async (packets, cuts) => {
          const { give, passed, dropped, acknowledged } = filtering();
          const bytes = Buffer.concat(packets.map((each) => each.bytes));
          for (let at = 0, cut = 0; at < bytes.length; cut++) {
            const size = cuts[cut % cuts.length] ?? 1;
            await give(bytes.subarray(at, at + size));
            at += size;
          }
          const kept = packets.filter(({ isLong }) => !isLong);
          const gone = packets.filter(({ isLong }) => isLong);
          expect(passed()).toEqual(Buffer.concat(kept.map((each) => each.bytes)));
          expect(dropped.map(([topic]) => topic)).toEqual(gone.map(() => 'ä/long'));
          expect(acknowledged).toEqual(gone.filter(({ qos }) => qos === 1).map(() => '40020007'));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('of just the length that is allowed pass', async () => {
    const { give, passed, dropped } = filtering();
    // Three bytes of header, and five before the payload.
    const longest = publish('a/b', LONGEST - 8, 0);
    expect(longest).toHaveLength(LONGEST);
    await give(longest);
    expect(passed()).toEqual(longest);
    await give(publish('a/b', LONGEST - 7, 0));
    expect(passed()).toEqual(longest);
    expect(dropped).toEqual([['a/b', LONGEST - 2]]);
  });

  it('under way are the sign of life that the broker cannot give meanwhile', async () => {
    const { filter, give, passed } = filtering();
    filter.asked();
    const message = publish('a/b', 5_000, 1);
    await give(message.subarray(0, 1_000));
    expect(passed()).toHaveLength(0);
    filter.asked();
    expect(passed()).toHaveLength(0);
    for (const from of [1_000, 2_000]) await give(message.subarray(from, from + 1_000));
    expect(passed()).toEqual(PINGRESP);
  });

  it('of a broken header are left to whoever reads them', async () => {
    const { give, passed } = filtering();
    const broken = Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x01]);
    await give(broken);
    expect(passed()).toEqual(broken.subarray(0, 5));
  });
});
