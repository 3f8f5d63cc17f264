import { describe, expect, it } from 'vitest';
import { FrameReader } from '../../src/kmp/frame.ts';
import {
  type Bench,
  bench,
  registerRequest,
  serialNumberRequest,
  texts,
  typeRequest,
} from './support/virtual-line.ts';

const BYTE_TIME = 11_000 / 1200;
const EIGHT = registerRequest([60, 68, 74, 80, 86, 87, 89, 99]);

function readerItems({ heard }: Bench) {
  return new FrameReader().push(Uint8Array.from(heard.bytes, ({ byte }) => byte));
}

describe('a line without faults', () => {
  it('takes the time of its bytes and the turnaround', async () => {
    const { ask, heard } = bench();
    await ask(EIGHT);
    expect(heard.bytes[0]?.at).toBeCloseTo((EIGHT.length + 1) * BYTE_TIME + 20, 6);
    expect(heard.bytes.at(-1)?.at).toBeCloseTo((EIGHT.length + heard.bytes.length) * BYTE_TIME + 20, 6);
  });

  it('takes no time at all where nobody cares about it', async () => {
    const { ask, heard } = bench({}, { baudRate: Number.POSITIVE_INFINITY, turnaround: 0 });
    expect(await ask(EIGHT, 0)).toHaveLength(1);
    expect(heard.bytes.at(-1)?.at).toBe(0);
  });

  it('is named after its meters', () => {
    const { simulator } = bench({}, { meters: [{ model: '403' }, { model: '601' }] });
    expect(simulator.name).toBe('simulated MULTICAL 403, MULTICAL 601');
  });

  it('keeps the thousand newest requests', async () => {
    const { ask, simulator } = bench({}, { baudRate: Number.POSITIVE_INFINITY, turnaround: 0 });
    for (let id = 1; id <= 1003; id++) await ask(registerRequest([id]), 0);
    expect(simulator.statistics.requested.length).toBe(1000);
    expect(simulator.statistics.requested.at(-1)).toEqual([1003]);
  });

  it('leaves no timer after its stop', async () => {
    const { simulator, clock } = bench();
    simulator.write(EIGHT);
    simulator.unplug(5000);
    simulator.stop();
    expect(clock.pendingTimers).toBe(0);
    const other = bench();
    other.simulator.write(EIGHT);
    await other.clock.advance(250);
    other.simulator.stop();
    expect(other.clock.pendingTimers).toBe(0);
  });

  it('tells nobody who stopped listening', async () => {
    const { simulator, ask } = bench();
    let told = 0;
    const endData = simulator.onData(() => told++);
    const endPlug = simulator.onPlug(() => told++);
    endData();
    endPlug();
    await ask(EIGHT);
    simulator.unplug();
    expect(told).toBe(0);
  });
});

describe('fault', () => {
  it('echo: every byte of the request comes back while it is sent, and the reply follows', async () => {
    const line = bench({}, { fault: 'echo' });
    const wire = serialNumberRequest();
    expect(await line.ask(wire)).toHaveLength(1);
    expect(line.heard.bytes.slice(0, wire.length).map(({ byte }) => byte)).toEqual([...wire]);
    expect(line.heard.bytes[0]?.at).toBeCloseTo(BYTE_TIME, 6);
    expect(line.heard.bytes[wire.length - 1]?.at).toBeCloseTo(wire.length * BYTE_TIME, 6);
    expect(line.heard.bytes[wire.length]?.at).toBeCloseTo((wire.length + 1) * BYTE_TIME + 20, 6);
  });

  it('echo with a count stops after so many requests', async () => {
    const line = bench({}, { fault: 'echo:1' });
    await line.ask(serialNumberRequest());
    await line.ask(serialNumberRequest());
    expect(line.heard.hex.startsWith('40')).toBe(true);
  });

  it('silence: no byte at all', async () => {
    const line = bench({}, { fault: 'silence:1' });
    await line.ask(serialNumberRequest());
    expect(line.heard.bytes).toEqual([]);
    expect(await line.ask(serialNumberRequest())).toHaveLength(1);
  });

  it('checksum: a whole reply whose checksum is wrong', async () => {
    const line = bench({}, { fault: 'checksum:1' });
    await line.ask(EIGHT);
    expect(readerItems(line)).toMatchObject([{ kind: 'discarded', reason: 'checksum' }]);
    expect(await line.ask(EIGHT)).toHaveLength(1);
  });

  it('truncation: the reply stops half way', async () => {
    const line = bench();
    await line.ask(typeRequest());
    const whole = line.heard.hex;
    line.simulator.setFaults([{ name: 'truncation' }]);
    await line.ask(typeRequest());
    expect(line.heard.bytes.length).toBe(Math.ceil(whole.length / 4));
    expect(whole.startsWith(line.heard.hex)).toBe(true);
  });

  it('noise: random bytes before and after a good reply', async () => {
    const line = bench();
    await line.ask(typeRequest());
    const whole = line.heard.hex;
    line.simulator.setFaults([{ name: 'noise' }]);
    for (let round = 0; round < 20; round++) {
      await line.ask(typeRequest());
      expect(line.heard.hex).toMatch(new RegExp(`^(..){1,8}${whole}(..){1,8}$`));
    }
  });

  it('spurious-zero: a lone 00 before the reply', async () => {
    const line = bench({}, { fault: 'spurious-zero' });
    expect(await line.ask(typeRequest())).toHaveLength(1);
    expect(line.heard.hex.startsWith('0040')).toBe(true);
  });

  it('late: the reply begins after the reader gave up', async () => {
    const line = bench({}, { fault: 'late' });
    await line.ask(typeRequest());
    expect(line.heard.bytes[0]?.at).toBeGreaterThan(2200);
    expect(line.heard.replies).toHaveLength(1);
  });

  it('late by a time of choice', async () => {
    const line = bench({}, { fault: 'late', lateBy: 100 });
    await line.ask(typeRequest());
    expect(line.heard.bytes[0]?.at).toBeLessThan(300);
  });

  it('foreign-reply: registers that nobody asked for, or the serial number of another meter', async () => {
    const line = bench({}, { fault: 'foreign-reply' });
    const kinds = new Set<string>();
    for (let round = 0; round < 10; round++) {
      const [reply] = await line.ask(registerRequest([60, 68]));
      if (reply?.kind === 'serial-no') expect(reply.serialNumber).toBe(84_968_363);
      else expect(Object.keys(texts(reply))).toEqual(['61', '62']);
      kinds.add(reply?.kind ?? 'none');
    }
    expect(kinds).toEqual(new Set(['serial-no', 'registers']));
    expect((await line.ask(serialNumberRequest()))[0]?.kind).toBe('registers');
  });

  it('unplug: the line drops in place of the reply and comes back by itself', async () => {
    const line = bench({}, { fault: 'unplug:1' });
    const plugs: boolean[] = [];
    line.simulator.onPlug((plugged) => plugs.push(plugged));
    await line.ask(typeRequest());
    expect(line.heard.bytes).toEqual([]);
    expect(line.simulator.plugged).toBe(false);
    await line.ask(typeRequest());
    expect(line.simulator.statistics.requests).toBe(1);
    expect(plugs).toEqual([false, true]);
    expect(await line.ask(typeRequest())).toHaveLength(1);
  });

  it('unplug for a time of choice', async () => {
    const line = bench({}, { fault: 'unplug:1', unpluggedFor: 60_000 });
    await line.ask(typeRequest());
    await line.clock.advance(50_000);
    expect(line.simulator.plugged).toBe(false);
    await line.clock.advance(10_000);
    expect(line.simulator.plugged).toBe(true);
  });
});

it('a line that is unplugged by hand stays so until it is plugged in', async () => {
  const line = bench();
  line.simulator.write(EIGHT);
  await line.clock.advance(400);
  const before = line.heard.bytes.length;
  expect(before).toBeGreaterThan(0);
  line.simulator.unplug();
  line.simulator.unplug();
  await line.clock.advance(60_000);
  expect(line.heard.bytes.length).toBe(before);
  line.simulator.replug();
  expect(await line.ask(EIGHT)).toHaveLength(1);
});
