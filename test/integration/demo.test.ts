import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { demoClock, runDemo } from '../../src/cli/commands/demo.ts';
import { Observer } from '../mqtt/support/observer.ts';
import { TestBroker } from '../mqtt/support/test-broker.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FAST } from '../support/served-meter.ts';

async function demo(options: {
  mqttUrl?: string;
  mqttPort?: number;
  cycles?: number;
  signal?: AbortSignal;
  onLine?: (line: string) => void;
}): Promise<string> {
  const { onLine = () => {}, ...rest } = options;
  const lines: string[] = [];
  await runDemo({
    signal: new AbortController().signal,
    ...rest,
    version: '1.2.3',
    print: (line) => {
      lines.push(line);
      onLine(line);
    },
    pause: 1,
    baudRate: FAST,
  });
  return lines.join('\n');
}

describe('the clock of the demo', () => {
  it('begins with the month and goes on as the other', async () => {
    const clock = new FakeClock(new Date(2026, 10, 28, 18, 30).getTime());
    const demo = demoClock(clock);
    expect(demo.now()).toBe(new Date(2026, 10, 1).getTime());
    await clock.advance(5_000);
    expect(demo.now()).toBe(new Date(2026, 10, 1, 0, 0, 5).getTime());
    expect(demo.monotonic()).toBe(clock.monotonic());
  });
});

describe('the demo', () => {
  it('shows each entity with its value as it appears, and ends after its readings', async () => {
    const shown = await demo({ cycles: 2 });
    expect(shown).toMatch(/^Meter +simulated MULTICAL 403 number 84968362/);
    expect(shown).toMatch(/mosquitto_sub -h 127\.0\.0\.1 -p \d+/);
    expect(shown).toMatch(/Heat energy +84\.\d{3} GJ/);
    expect(shown).toMatch(/Heat energy today +0\.\d{3} GJ/);
    expect(shown).toMatch(/Heat energy this month +0\.\d{3} GJ/);
    expect(shown).toMatch(/Flow temperature +\d\d\.\d\d °C/);
    expect(shown).toMatch(/and \d+ more entities, disabled until you want them/);
  });

  it('waits with one listener, however much there is to see', async () => {
    const { signal } = new AbortController();
    const listeners: number[] = [];
    const print = (): unknown => listeners.push(getEventListeners(signal, 'abort').length);
    await runDemo({ signal, cycles: 2, version: '1.2.3', print, pause: 1, baudRate: FAST });
    expect(Math.max(...listeners)).toBe(1);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('leaves nothing at a broker that is not its own', async () => {
    const broker = await new TestBroker().start();
    await demo({ cycles: 1, mqttUrl: broker.url });
    const observer = await Observer.connect(broker.url);
    // What the broker holds comes before what is sent after it.
    await observer.publish('end', 'of it');
    await eventually(() => observer.latest('end'));
    expect(observer.messages.filter(({ retained }) => retained)).toEqual([]);
    await observer.end();
    await broker.stop();
  });

  it.each([
    ['Broker ', 'before there is anything to see'],
    ['Flow temperature', 'while values arrive'],
  ])('ends when it is interrupted at "%s", %s', async (word) => {
    const stopping = new AbortController();
    const shown = await demo({
      signal: stopping.signal,
      onLine: (line) => {
        if (line.includes(word)) stopping.abort();
      },
    });
    expect(shown).toContain(word);
  });

  it('says so when its port is taken', async () => {
    const broker = await new TestBroker().start();
    await expect(demo({ cycles: 1, mqttPort: broker.port })).rejects.toThrow(
      /Choose another port with --mqtt-port/,
    );
    await broker.stop();
  });
});
