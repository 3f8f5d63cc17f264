import { describe, expect, test } from 'vitest';
import type { MeterSession } from '../../src/link/session.ts';
import { hasCode, Multical2MqttError } from '../../src/shared/errors.ts';
import { serialNoReply } from './support/frames.ts';
import { askNumber, KeptLine } from './support/kept-line.ts';
import { errorOf } from './support/lent-session.ts';
import type { ScriptedChannel } from './support/scripted-channel.ts';

describe('line opening', () => {
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
      expect(kept.told.at(-1)).toBe('the port is open. The trouble lasted 1 s.');
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
        'the port is open. The trouble lasted 1 s.',
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
});

describe('line stop', () => {
  const MISSING = new Multical2MqttError('port-missing', 'no such port');

  test('stopping closes the port and leaves nothing', async () => {
    const kept = await new KeptLine().opened();
    await kept.line.stop();
    expect(kept.channel.state).toBe('closed');
    expect(kept.clock.pendingTimers).toBe(0);
    await kept.clock.advance(600_000);
    expect(kept.channels).toHaveLength(1);
    expect(kept.told).toEqual(['the port is open']);
  });

  test('stopping in use cancels what runs and what waits', async () => {
    const kept = await new KeptLine().opened();
    const running = errorOf(kept.ask());
    const waiting = errorOf(kept.ask());
    await kept.clock.advance(100);
    await kept.line.stop();
    expect(hasCode(await running, 'cancelled')).toBe(true);
    expect(hasCode(await waiting, 'cancelled')).toBe(true);
    expect(kept.clock.pendingTimers).toBe(0);
    expect(kept.clock.monotonic()).toBe(100);
  });

  test('stopping between two attempts ends the pause', async () => {
    const kept = new KeptLine();
    kept.prepare = (channel) => {
      channel.opening = () => Promise.reject(MISSING);
    };
    await kept.opened();
    expect(kept.clock.pendingTimers).toBe(1);
    await kept.line.stop();
    expect(kept.clock.pendingTimers).toBe(0);
    expect(kept.channels).toHaveLength(1);
  });

  test('stopping while the port is being opened closes it as soon as it is open', async () => {
    const kept = new KeptLine();
    let open = (): void => {};
    kept.prepare = (channel) => {
      channel.opening = () => new Promise((resolve) => (open = resolve));
    };
    await kept.opened();
    const stopped = kept.line.stop();
    open();
    await stopped;
    expect(kept.channel.state).toBe('closed');
    expect(kept.told).toEqual([]);
    expect(kept.clock.pendingTimers).toBe(0);
  });

  test('stopping ends an opening that can be ended, without a word of trouble', async () => {
    const kept = new KeptLine();
    kept.prepare = (channel) => {
      let refuse = (_: Error): void => {};
      channel.opening = () => new Promise((_, reject) => (refuse = reject));
      channel.close = async () => refuse(MISSING);
    };
    await kept.opened();
    await kept.line.stop();
    expect(kept.told).toEqual([]);
    expect(kept.clock.pendingTimers).toBe(0);
  });

  test('stopping while the line is being renewed lets go of those who wait for it', async () => {
    const kept = await new KeptLine().opened();
    const silent = errorOf(kept.ask());
    const waiting = errorOf(kept.ask());
    await kept.clock.runUntil(silent);
    await kept.clock.advance(10);
    await kept.line.stop();
    expect(hasCode(await waiting, 'cancelled')).toBe(true);
    expect(kept.clock.pendingTimers).toBe(0);
  });

  test('stopping from within a failing use does not wait for a new channel', async () => {
    const kept = await new KeptLine().opened();
    const use = errorOf(
      kept.line.withSession(async () => {
        await kept.line.stop();
        throw new Multical2MqttError('no-answer', 'nothing heard');
      }),
    );
    await use;
    expect(hasCode(await errorOf(kept.ask()), 'cancelled')).toBe(true);
    expect(kept.channels).toHaveLength(1);
  });

  test('stopping a line that was never started is nothing', async () => {
    const kept = new KeptLine();
    await kept.line.stop();
    expect(kept.channels).toHaveLength(0);
  });
});

describe('line use', () => {
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

    test('that is no trouble of the port: nothing is said', async () => {
      const kept = await new KeptLine().opened();
      await kept.clock.runUntil(errorOf(kept.ask()));
      await kept.clock.advance(1_000);
      expect(kept.told).toEqual(['the port is open']);
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
});
