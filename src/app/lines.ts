import type { MeterConfig } from '../config/config.ts';
import type { Logger } from '../log/logger.ts';
import { Line } from '../meter/line.ts';
import { lineTiming } from '../meter/timing.ts';
import type { Random } from '../shared/back-off.ts';
import type { Clock } from '../shared/clock.ts';
import { channelFactory, isNetworkPort } from '../transport/open-channel.ts';

export interface LinesOptions {
  /** In place of the meters' own; only a simulated meter is faster. */
  readonly baudRate?: number | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** One line a port, however many meters share it. */
export class Lines {
  private readonly options: LinesOptions;
  private readonly byPort = new Map<string, Line>();

  constructor(options: LinesOptions) {
    this.options = options;
  }

  /** The line that the meter hangs on. Of meters that share one, the first says how patient it is. */
  of({ port, timeoutAllowance, ...meter }: MeterConfig): Line {
    // Host names do not tell capitals apart, paths do.
    const key = isNetworkPort(port) ? port.toLowerCase() : port;
    const known = this.byPort.get(key);
    if (known !== undefined) return known;
    const { baudRate = meter.baudRate, clock, random, logger } = this.options;
    const timing = lineTiming({ baudRate, network: isNetworkPort(port), allowance: timeoutAllowance });
    const line = new Line({
      name: port,
      makeChannel: channelFactory(port, baudRate),
      timing,
      clock,
      random,
      logger,
    });
    this.byPort.set(key, line);
    return line;
  }

  start(): void {
    for (const line of this.byPort.values()) line.start();
  }

  async stop(): Promise<void> {
    await Promise.all(Array.from(this.byPort.values(), (line) => line.stop()));
  }
}
