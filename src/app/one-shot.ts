import type { Logger } from '../log/logger.ts';
import { MeterClient, type WakeUp } from '../meter/meter-client.ts';
import { newCounters } from '../meter/meter-counters.ts';
import { MeterSession } from '../meter/meter-session.ts';
import { lineTiming, type Timing } from '../meter/timing.ts';
import { systemClock } from '../shared/clock.ts';
import { channelFactory, isNetworkPort } from '../transport/open-channel.ts';

export interface OneShotOptions {
  /** A path, `COM3` or `tcp://host:port`. */
  readonly port: string;
  /** KMP destination address. */
  readonly address: number;
  readonly baudRate: number;
  /** Milliseconds on top of the protocol's timeouts; null: what fits the port. */
  readonly timeoutAllowance: number | null;
  readonly logger: Logger;
  readonly wakeUp: WakeUp;
  /** Changes the times of the protocol. */
  readonly retime?: (timing: Timing) => Timing;
}

/** A meter for the length of one command. */
export interface OneShot {
  readonly client: MeterClient;
  readonly session: MeterSession;
}

/** Opens the port, lends the meter to `use`, and closes the port in any case. Errors as of the channel and session. */
export async function withMeter<Result>(
  { port, address, baudRate, timeoutAllowance, wakeUp, logger, retime = (timing) => timing }: OneShotOptions,
  use: (meter: OneShot) => Promise<Result>,
): Promise<Result> {
  const channel = channelFactory(port, baudRate)();
  const timing = lineTiming({ baudRate, network: isNetworkPort(port), allowance: timeoutAllowance });
  const session = new MeterSession(channel, retime(timing), systemClock, logger);
  await channel.open();
  try {
    const client = new MeterClient({ destination: address, counters: newCounters() }, wakeUp);
    await client.wake(session);
    return await use({ session, client });
  } finally {
    await channel.close();
  }
}
