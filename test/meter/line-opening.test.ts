import { describe, expect, test } from 'vitest';
import type { MeterSession } from '../../src/meter/meter-session.ts';
import { Multical2MqttError } from '../../src/shared/errors.ts';
import { KeptLine } from './kept-line.ts';
import { errorOf } from './lent-session.ts';
import type { ScriptedChannel } from './scripted-channel.ts';

const MISSING = new Multical2MqttError('port-missing', 'Cannot open the port: there is none.');
const GONE = new Multical2MqttError('channel-closed', 'the port went away');

function refuse(error: unknown): (channel: ScriptedChannel) => void {
  return (channel) => {
    channel.opening = () => Promise.reject(error);
  };
}

/** Pauses between one attempt to open and the next. */
function pauses({ madeAt }: KeptLine): number[] {
  return madeAt.slice(1).map((at, index) => at - (madeAt[index] ?? 0));
}

async function session({ line }: KeptLine): Promise<MeterSession> {
  return line.withSession(async (lent) => lent);
}

describe('a port that is not there', () => {
  test('is tried again after 1 s, then after twice as long each time, up to 60 s with its jitter', async () => {
    const kept = new KeptLine();
    kept.prepare = refuse(MISSING);
    kept.line.start();
    await kept.clock.advance(200_000);
    expect(pauses(kept)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 48_000, 48_000]);
    await kept.line.stop();
  });

  test('is tried with jitter', async () => {
    const kept = new KeptLine(0.8);
    kept.prepare = refuse(MISSING);
    kept.line.start();
    await kept.clock.advance(4_000);
    expect(pauses(kept)).toEqual([1_200, 2_400]);
    await kept.line.stop();
  });

  test('is told once, however often it is tried', async () => {
    const kept = new KeptLine();
    kept.prepare = refuse(MISSING);
    kept.line.start();
    await kept.clock.advance(600_000);
    expect(kept.told).toEqual(['Cannot open the port: there is none. Trying again until it works.']);
    await kept.line.stop();
  });

  test('is told again when the trouble is another one', async () => {
    const kept = new KeptLine();
    kept.prepare = refuse(MISSING);
    await kept.opened();
    kept.prepare = refuse(new Multical2MqttError('port-busy', 'Another program has it.'));
    await kept.clock.advance(60_000);
    expect(kept.told).toHaveLength(2);
    await kept.line.stop();
  });

  test('is what users of the line get to hear', async () => {
    const kept = new KeptLine();
    kept.prepare = refuse(MISSING);
    await kept.opened();
    expect(await errorOf(kept.ask())).toBe(MISSING);
    await kept.line.stop();
  });

  test('is opened when it appears', async () => {
    const kept = new KeptLine();
    kept.prepare = refuse(MISSING);
    await kept.opened();
    kept.prepare = () => {};
    await kept.clock.advance(1_000);
    expect(kept.told.at(-1)).toBe('the port is open');
    expect(kept.channel.state).toBe('open');
    await kept.line.stop();
  });

  test('is trouble in words even where something else than an error was thrown', async () => {
    const kept = new KeptLine();
    kept.prepare = refuse('no driver');
    await kept.opened();
    expect(kept.told).toEqual(['no driver. Trying again until it works.']);
    await kept.line.stop();
  });
});

describe('a line that went away', () => {
  test('is opened anew on a new channel, with a new session', async () => {
    const kept = await new KeptLine().opened();
    const first = await session(kept);
    kept.channel.goAway(GONE);
    await kept.clock.advance(1_000);
    expect(kept.channels).toHaveLength(2);
    expect(await session(kept)).not.toBe(first);
    expect(kept.told).toEqual([
      'the port is open',
      'the port went away. Trying again until it works.',
      'the port is open',
    ]);
    await kept.line.stop();
  });

  test('is that trouble for users until it is back', async () => {
    const kept = await new KeptLine().opened();
    kept.channel.goAway(GONE);
    expect(await errorOf(kept.ask())).toBe(GONE);
    await kept.line.stop();
  });

  test('time and again is told each time it was open in between', async () => {
    const kept = await new KeptLine().opened();
    for (const pause of [1_000, 2_000]) {
      kept.channel.goAway(GONE);
      await kept.clock.advance(pause);
    }
    expect(kept.told.filter((message) => message.startsWith('the port went away'))).toHaveLength(2);
    await kept.line.stop();
  });

  test('soon after each opening is opened less and less often', async () => {
    const kept = await new KeptLine().opened();
    for (let times = 0; times < 5; times++) {
      await kept.clock.advance(500);
      kept.channel.goAway(GONE);
      await kept.clock.advance(1_000 * 2 ** times);
    }
    expect(pauses(kept)).toEqual([1_500, 2_500, 4_500, 8_500, 16_500]);
    await kept.line.stop();
  });

  test('without a reason is no old trouble that is over', async () => {
    const kept = new KeptLine();
    kept.prepare = refuse(MISSING);
    await kept.opened();
    kept.prepare = () => {};
    await kept.clock.advance(1_000);
    await kept.channel.close();
    expect(await errorOf(kept.ask())).toMatchObject({ code: 'channel-closed' });
    await kept.line.stop();
  });

  test('after more than a minute is opened again after 1 s', async () => {
    const kept = await new KeptLine().opened();
    for (const pause of [1_000, 2_000]) {
      kept.channel.goAway(GONE);
      await kept.clock.advance(pause);
    }
    await kept.clock.advance(60_001);
    kept.channel.goAway(GONE);
    await kept.clock.advance(1_000);
    expect(kept.channels).toHaveLength(4);
    await kept.line.stop();
  });
});

test('listeners hear of every opening, the first one included', async () => {
  const kept = new KeptLine();
  const heard: string[] = [];
  kept.line.onOpen(() => heard.push('one'));
  kept.line.onOpen(() => heard.push('other'));
  kept.prepare = refuse(MISSING);
  await kept.opened();
  expect(heard).toEqual([]);
  kept.prepare = () => {};
  await kept.clock.advance(1_000);
  expect(heard).toEqual(['one', 'other']);
  kept.channel.goAway(GONE);
  await kept.clock.advance(2_000);
  expect(heard).toHaveLength(4);
  await kept.line.stop();
});
