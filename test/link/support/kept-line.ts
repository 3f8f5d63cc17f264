import { getSerialNo } from '../../../src/link/exchange.ts';
import { Line } from '../../../src/link/line.ts';
import { type MeterSession, newCounters } from '../../../src/link/session.ts';
import { lineTiming } from '../../../src/link/timing.ts';
import { CollectingLogger } from '../../support/collecting-logger.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { ScriptedChannel } from './scripted-channel.ts';

/** A line over scripted channels, each made when the line asks for one. */
export class KeptLine {
  readonly clock = new FakeClock();
  readonly logger = new CollectingLogger();
  /** All that were made, the newest last. */
  readonly channels: ScriptedChannel[] = [];
  readonly madeAt: number[] = [];
  /** What happens to a channel before the line gets it. */
  prepare: (channel: ScriptedChannel) => void = () => {};
  readonly line: Line;

  constructor(random = 0) {
    const { clock, logger } = this;
    this.line = new Line({
      name: 'the port',
      makeChannel: () => this.make(),
      timing: lineTiming({ baudRate: 1200, network: false }),
      clock,
      random: () => random,
      logger,
    });
  }

  get channel(): ScriptedChannel {
    const newest = this.channels.at(-1);
    if (newest === undefined) throw new Error('no channel was made');
    return newest;
  }

  async opened(): Promise<this> {
    this.line.start();
    await this.clock.advance(0);
    return this;
  }

  /** Asks for the serial number, which nobody answers unless the channel has reactions. */
  ask(): Promise<number> {
    return this.line.withSession((session) => askNumber(session));
  }

  /** What was said to the user, without the bytes. */
  get told(): string[] {
    return this.logger.lines.filter(({ level }) => level !== 'debug').map(({ message }) => message);
  }

  private make(): ScriptedChannel {
    const channel = new ScriptedChannel();
    this.prepare(channel);
    this.channels.push(channel);
    this.madeAt.push(this.clock.monotonic());
    return channel;
  }
}

export function askNumber(session: MeterSession): Promise<number> {
  return session.request(getSerialNo, { destination: 0x3f, counters: newCounters() });
}
