import { describe, expect, test } from 'vitest';
import { hasCode, Multical2MqttError } from '../../src/shared/errors.ts';
import { serialNoReply } from './frames.ts';
import { askNumber, KeptLine } from './kept-line.ts';
import { errorOf } from './lent-session.ts';
import type { ScriptedChannel } from './scripted-channel.ts';

const GONE = new Multical2MqttError('channel-closed', 'the port went away');

/** Every request of this channel is answered. */
function answering({ clock }: KeptLine): (channel: ScriptedChannel) => void {
  const reaction = (_: Uint8Array, channel: ScriptedChannel): void => {
    clock.after(300, () => channel.arrive(serialNoReply(7)));
  };
  return (channel) => channel.reactions.push(...Array(5).fill(reaction));
}

describe('the line is lent', () => {
  test('to one at a time, in the order in which they came', async () => {
    const kept = await new KeptLine().opened();
    const events: string[] = [];
    const use = (name: string, duration: number): Promise<void> =>
      kept.line.withSession(async () => {
        events.push(`${name} begins`);
        await new Promise<void>((resolve) => kept.clock.after(duration, resolve));
        events.push(`${name} ends`);
      });
    await kept.clock.runUntil(Promise.all([use('first', 500), use('second', 10)]));
    expect(events).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
    await kept.line.stop();
  });

  test('to the next one although the one before failed', async () => {
    const kept = await new KeptLine().opened();
    const failure = new Error('bad luck');
    const first = errorOf(kept.line.withSession(() => Promise.reject(failure)));
    const second = kept.line.withSession(async () => 'fine');
    expect(await first).toBe(failure);
    expect(await second).toBe('fine');
    expect(kept.channels).toHaveLength(1);
    await kept.line.stop();
  });

  test('to nobody before it is open', async () => {
    const kept = new KeptLine();
    const error = await errorOf(kept.ask());
    expect(hasCode(error, 'port-failed')).toBe(true);
    expect(error).toMatchObject({ message: 'the port is not open yet' });
  });

  test('again with the same session while it stays open', async () => {
    const kept = await new KeptLine().opened();
    const sessions = [
      await kept.line.withSession(async (lent) => lent),
      await kept.line.withSession(async (lent) => lent),
    ];
    expect(sessions[0]).toBe(sessions[1]);
    await kept.line.stop();
  });
});

describe('after the meter was not heard', () => {
  test('the channel is closed and a new one opened', async () => {
    const kept = await new KeptLine().opened();
    const error = await kept.clock.runUntil(errorOf(kept.ask()));
    expect(hasCode(error, 'no-answer')).toBe(true);
    await kept.clock.advance(1_000);
    expect(kept.channels.map(({ state }) => state)).toEqual(['closed', 'open']);
    await kept.line.stop();
  });

  test('that is no trouble of the port: nothing is said but that it is open again', async () => {
    const kept = await new KeptLine().opened();
    await kept.clock.runUntil(errorOf(kept.ask()));
    await kept.clock.advance(1_000);
    expect(kept.told).toEqual(['the port is open', 'the port is open']);
    await kept.line.stop();
  });

  test('another meter in the queue gets the new channel, and its answer', async () => {
    const kept = await new KeptLine().opened();
    kept.prepare = answering(kept);
    const silent = errorOf(kept.ask());
    const other = kept.ask();
    expect(hasCode(await kept.clock.runUntil(silent), 'no-answer')).toBe(true);
    expect(await kept.clock.runUntil(other)).toBe(7);
    await kept.line.stop();
  });

  test('another meter in the queue hears the trouble of a port that does not come back', async () => {
    const kept = await new KeptLine().opened();
    const missing = new Multical2MqttError('port-missing', 'no such port');
    kept.prepare = (channel) => {
      channel.opening = () => Promise.reject(missing);
    };
    const silent = errorOf(kept.ask());
    const other = errorOf(kept.ask());
    await kept.clock.runUntil(silent);
    expect(await kept.clock.runUntil(other)).toBe(missing);
    await kept.line.stop();
  });

  test('a dead channel that went away meanwhile costs the new one nothing', async () => {
    const kept = await new KeptLine().opened();
    let fail = (_: Error): void => {};
    const use = errorOf(kept.line.withSession(() => new Promise((_, reject) => (fail = reject))));
    await kept.clock.advance(0);
    kept.channel.goAway(GONE);
    await kept.clock.advance(1_000);
    fail(GONE);
    await use;
    await kept.clock.advance(5_000);
    expect(kept.channels.map(({ state }) => state)).toEqual(['closed', 'open']);
    await kept.line.stop();
  });
});

test('a good answer leaves the channel open', async () => {
  const kept = new KeptLine();
  kept.prepare = answering(kept);
  await kept.opened();
  expect(await kept.clock.runUntil(kept.line.withSession(askNumber))).toBe(7);
  await kept.clock.advance(120_000);
  expect(kept.channels).toHaveLength(1);
  await kept.line.stop();
});
