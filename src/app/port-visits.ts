import { MeterClient } from '../link/client.ts';
import { type Addressee, type MeterCounters, MeterSession, newCounters } from '../link/session.ts';
import { lineTiming, type Timing } from '../link/timing.ts';
import { costSince } from '../meter/battery.ts';
import { type MeterConfig, meterKeys } from '../meter/config.ts';
import { Budget } from '../shared/budget.ts';
import { endedWithin, untilAborted } from '../shared/clock.ts';
import type { Deps } from '../shared/deps.ts';
import { Multical2MqttError } from '../shared/errors.ts';
import { Repeats } from '../shared/repeats.ts';
import type { ByteChannel } from '../transport/channel.ts';
import { channelFactory, isNetworkPort } from '../transport/open.ts';
import { Refused } from '../web/route.ts';
import type { KnownPort } from './known-port.ts';
import type { PortLender } from './port-desk.ts';

interface PortVisitsOptions extends Pick<Deps, 'clock' | 'logger'> {
  readonly lender: PortLender;
  /** In place of the meters' own; only a simulated meter is faster. */
  readonly baudRate?: number | undefined;
}

interface VisitWish extends KnownPort<MeterConfig> {
  /** In place of the configured speed. */
  readonly baudRate?: number | undefined;
  /** Changes the times of the protocol. */
  readonly retime?: (timing: Timing) => Timing;
  /** Aborted when nobody wants the port any more. */
  readonly gone: AbortSignal;
}

/** Milliseconds; ports may be slow to close. */
const LONGEST_END = 2_000;

/** Gateways of which no meter is known, which may be any door of the network: so many at once, and one in so many seconds. */
const STRANGE = { most: 20, seconds: 30 };

/** Ports that the page asks at by itself, each lent by the bridge for so long as that takes. One at a time each. */
export class PortVisits {
  private readonly options: PortVisitsOptions;
  private readonly repeats: Repeats;
  private readonly visits = new Map<string, PortVisit>();
  private readonly strange: Budget;
  private isOver = false;

  constructor(options: PortVisitsOptions) {
    this.options = options;
    this.strange = new Budget(STRANGE.most, 1 / STRANGE.seconds, options.clock);
    this.repeats = new Repeats(options);
  }

  /** Throws `Refused` where somebody is asking there already. Whoever gets it must end it, or abort `gone`. */
  claim(wish: VisitWish): PortVisit {
    const { port, meter } = wish;
    if (this.isOver) throw new Refused(503, 'The bridge is stopping.');
    if (this.visits.has(port))
      throw new Refused(
        409,
        `Somebody is placing a head or testing at ${port} already, on another page or in another tab. End it there, or wait until it is over.`,
      );
    if (meter === undefined && isNetworkPort(port)) this.spendTry();
    const visit = new PortVisit(wish, this.options, this.repeats, () => this.visits.delete(port));
    this.visits.set(port, visit);
    return visit;
  }

  /** Nobody shall search a network from here, whoever has got hold of the page. */
  private spendTry(): void {
    if (this.strange.wait > 0)
      throw new Refused(
        429,
        `Many gateways were tried in a short time. Wait ${STRANGE.seconds} seconds before the next one.`,
      );
    this.strange.spend(1);
  }

  /** Gives all ports back. */
  async stop(): Promise<void> {
    this.isOver = true;
    const ending = Promise.all(Array.from(this.visits.values(), (visit) => visit.end()));
    await endedWithin(this.options.clock, LONGEST_END, ending);
  }
}

/** One asking at a port, from its claim until the port is the bridge's again. */
export class PortVisit {
  readonly counters: MeterCounters = newCounters();
  /** Of who answered. */
  serialNumber: string | undefined;
  private readonly wish: VisitWish;
  private readonly options: PortVisitsOptions;
  private readonly repeats: Repeats;
  private readonly ended: () => void;
  private readonly leaving = new AbortController();
  private readonly back = new AbortController();
  private channel: ByteChannel | undefined;
  /** Settled unless it is being opened. */
  private opening: Promise<void> = Promise.resolve();
  private ending: Promise<void> | undefined;

  constructor(wish: VisitWish, options: PortVisitsOptions, repeats: Repeats, ended: () => void) {
    this.wish = wish;
    this.options = options;
    this.repeats = repeats;
    this.ended = ended;
    // Not left to whoever asks: who waits for a client that takes nothing does not see that it has gone.
    wish.gone.addEventListener('abort', () => void this.end(), { once: true });
    if (wish.gone.aborted) void this.end();
  }

  get addressee(): Addressee {
    return { destination: this.address, counters: this.counters };
  }

  /** Aborted when the port is to be left. */
  get over(): AbortSignal {
    return this.leaving.signal;
  }

  /** The port alone, open, when the reading that runs has ended. Errors as of the channel; `cancelled`. */
  async begin(): Promise<MeterSession> {
    const { clock, logger, lender } = this.options;
    const { port, meter, retime = asIs } = this.wish;
    const isFree = lender.freePort(port, this.back.signal);
    if (isFree !== undefined) {
      await Promise.race([isFree, untilAborted(this.over)]);
      this.repeats.say(
        'info',
        `${port} is lent to the page, and read on when that has ended`,
        `lent ${port}`,
      );
    }
    const baudRate = this.options.baudRate ?? this.wish.baudRate ?? meter?.baudRate ?? STANDARD.baudRate;
    const channel = channelFactory(port, baudRate)();
    if (this.over.aborted) throw cancelled();
    this.channel = channel;
    const allowance = meter?.timeoutAllowance ?? null;
    const timing = lineTiming({ baudRate, network: isNetworkPort(port), allowance });
    const session = new MeterSession(channel, retime(timing), clock, logger);
    this.opening = channel.open();
    await this.opening;
    if (this.over.aborted) throw cancelled();
    await new MeterClient(this.addressee, meter?.wakeUp).wake(session);
    return session;
  }

  /** Closes the port, books what it cost, and gives the port back. Whoever comes later waits for the same. */
  end(): Promise<void> {
    this.ending ??= this.leave();
    return this.ending;
  }

  private async leave(): Promise<void> {
    const { port } = this.wish;
    this.leaving.abort();
    try {
      await this.channel?.close();
      // A serial port that is just being opened cannot be closed before it is open.
      await this.opening.catch(() => {});
      await this.channel?.close();
    } finally {
      const cost = costSince(newCounters(), this.counters);
      const asked = { port, address: this.address, serialNumber: this.serialNumber };
      if (cost.transactions > 0) this.options.lender.charge(asked, { ...cost, readings: 1 });
      this.back.abort();
      this.ended();
    }
  }

  private get address(): number {
    return this.wish.meter?.address ?? STANDARD.address;
  }
}

/** Of a meter of which nothing is configured yet. */
const STANDARD = {
  address: Number(meterKeys.address.default),
  baudRate: Number(meterKeys.baudRate.default),
};

function cancelled(): Multical2MqttError {
  return new Multical2MqttError('cancelled', 'The bridge takes the port back.');
}

function asIs(timing: Timing): Timing {
  return timing;
}
