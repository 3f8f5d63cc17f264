import { toHex, wireBytes } from '../kmp/bytes.ts';
import { bytesInWords } from '../kmp/bytes-in-words.ts';
import type { ExchangeOutcome, KeptExchange } from '../link/exchange-log.ts';
import type { Meter } from '../meter/meter.ts';
import type { Clock } from '../shared/clock.ts';
import { wallTime } from '../shared/credible-clock.ts';
import type { ExchangeState } from '../web/api.ts';
import type { ExchangesSource } from '../web/routes/exchanges.ts';

interface ListeningBridge {
  meterAt(index: number): Pick<Meter, 'exchanges'> | undefined;
}

const WORDS: Readonly<Record<ExchangeOutcome, string>> = {
  answered: 'answered',
  damaged: 'damaged reply',
  early: 'reply sooner than the line can carry it',
  foreign: 'reply to something else',
  nothing: 'no answer',
  'echo-only': 'no answer, only our own echo',
  noise: 'no answer, only noise',
  cut: 'the port went away',
};

/** What was on the meters' lines, as the page shows it. */
export class BridgeExchanges implements ExchangesSource {
  private readonly bridge: ListeningBridge;
  private readonly meters: readonly { readonly name: string }[];
  private readonly clock: Clock;

  constructor(bridge: ListeningBridge, meters: readonly { readonly name: string }[], clock: Clock) {
    this.bridge = bridge;
    this.meters = meters;
    this.clock = clock;
  }

  exchanges(name: string): readonly ExchangeState[] | undefined {
    const index = this.meters.findIndex((meter) => meter.name === name);
    return this.bridge.meterAt(index)?.exchanges.map((exchange) => this.inWords(exchange));
  }

  private inWords({ at, sent, received, more, outcome, took }: KeptExchange): ExchangeState {
    const rest = { bytes: '', meaning: `${more} more bytes, which were not kept` };
    return {
      at: wallTime(at, this.clock) ?? at,
      sent: { bytes: toHex(sent), parts: bytesInWords(sent) },
      received: {
        bytes: toHex(received),
        parts: [...bytesInWords(received, wireBytes(sent)), ...(more > 0 ? [rest] : [])],
      },
      outcome: WORDS[outcome],
      took,
    };
  }
}
