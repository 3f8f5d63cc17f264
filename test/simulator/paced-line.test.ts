import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/shared/clock.ts';
import { PacedLine } from '../../src/simulator/paced-line.ts';
import { FakeClock } from '../support/fake-clock.ts';

interface Arrival {
  readonly byte: number;
  readonly at: number;
}

function line(baudRate = 1200): {
  clock: FakeClock;
  line: PacedLine;
  toMeter: Arrival[];
  fromMeter: Arrival[];
} {
  const clock = new FakeClock();
  const toMeter: Arrival[] = [];
  const fromMeter: Arrival[] = [];
  return {
    clock,
    toMeter,
    fromMeter,
    line: new PacedLine({
      clock,
      baudRate,
      onByteToMeter: (byte) => toMeter.push(byte),
      onBytesFromMeter: (bytes) => {
        for (const byte of bytes) fromMeter.push({ byte, at: clock.monotonic() });
      },
    }),
  };
}

describe('a line of 1200 baud', () => {
  it('takes 9.1667 ms a byte, 11 bits each', () => {
    expect(line().line.byteTime).toBeCloseTo(9.1667, 4);
  });

  it('brings a chunk to the meter byte by byte', async () => {
    const bench = line();
    bench.line.write(Uint8Array.of(1, 2, 3));
    await bench.clock.advance(20);
    expect(bench.toMeter.map(({ byte }) => byte)).toEqual([1, 2]);
    await bench.clock.advance(20);
    expect(bench.toMeter.map(({ at }) => at)).toEqual([11_000 / 1200, 22_000 / 1200, 33_000 / 1200]);
  });

  it('queues what is written while it is busy', async () => {
    const bench = line();
    bench.line.write(Uint8Array.of(1, 2));
    await bench.clock.advance(10);
    bench.line.write(Uint8Array.of(3));
    await bench.clock.advance(1000);
    expect(bench.toMeter.at(-1)?.at).toBeCloseTo((3 * 11_000) / 1200, 9);
    bench.line.write(Uint8Array.of(4));
    await bench.clock.advance(1000);
    expect(bench.toMeter.at(-1)?.at).toBeCloseTo(1010 + 11_000 / 1200, 9);
  });

  it('sends from the moment that was asked for, without drift', async () => {
    const bench = line();
    bench.line.send(new Uint8Array(1000), 50);
    await bench.clock.advance(20_000);
    expect(bench.fromMeter.length).toBe(1000);
    bench.fromMeter.forEach(({ at }, index) => {
      expect(at).toBeCloseTo(50 + ((index + 1) * 11_000) / 1200, 5);
    });
  });

  it('carries both directions at once', async () => {
    const bench = line();
    bench.line.write(Uint8Array.of(1));
    bench.line.send(Uint8Array.of(2), 0);
    await bench.clock.advance(10);
    expect(bench.toMeter.length).toBe(1);
    expect(bench.fromMeter.length).toBe(1);
  });

  it('loses everything on the way when it is cleared, and goes on afterwards', async () => {
    const bench = line();
    bench.line.write(Uint8Array.of(1));
    bench.line.send(Uint8Array.of(2), 0);
    bench.line.clear();
    expect(bench.clock.pendingTimers).toBe(0);
    bench.line.write(Uint8Array.of(3));
    await bench.clock.advance(100);
    expect(bench.toMeter.map(({ byte }) => byte)).toEqual([3]);
    expect(bench.fromMeter).toEqual([]);
  });

  it('makes up for a late timer', async () => {
    const clock = new FakeClock();
    const chunks: number[] = [];
    // A clock whose timers all fire 30 ms late.
    const lazy = {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      after: (delay: number, action: () => void) => clock.after(delay + 30, action),
    };
    const slow = new PacedLine({
      clock: lazy,
      baudRate: 1200,
      onByteToMeter: () => {},
      onBytesFromMeter: (bytes) => chunks.push(bytes.length),
    });
    slow.send(new Uint8Array(10), 0);
    await clock.advance(300);
    expect(chunks.reduce((sum, length) => sum + length)).toBe(10);
    expect(chunks[0]).toBe(4);
  });
});

it('a line of infinite speed takes no time', async () => {
  const bench = line(Number.POSITIVE_INFINITY);
  bench.line.write(new Uint8Array(100));
  await bench.clock.advance(0);
  expect(bench.toMeter.length).toBe(100);
});

it('in real time the last of eighty bytes does not come early', async () => {
  const began = performance.now();
  let received = 0;
  const duration = await new Promise<number>((resolve) => {
    const real = new PacedLine({
      clock: systemClock,
      baudRate: 1200,
      onByteToMeter: () => {},
      onBytesFromMeter: (bytes) => {
        received += bytes.length;
        if (received === 80) resolve(performance.now() - began);
      },
    });
    real.send(new Uint8Array(80), began);
  });
  const due = (80 * 11_000) / 1200;
  expect(duration).toBeGreaterThanOrEqual(due - 0.01);
});
