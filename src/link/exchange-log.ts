import type { Exchange, Observation } from './exchange.ts';

export type ExchangeOutcome =
  | 'answered'
  | 'damaged'
  | 'early'
  | 'foreign'
  | 'nothing'
  | 'echo-only'
  | 'noise'
  /** The line went away meanwhile. */
  | 'cut';

/** A request as it was on the line, with all that came until its reply or its end. */
export interface KeptExchange {
  /** When the request was sent, by the wall clock. */
  readonly at: number;
  readonly sent: Uint8Array;
  readonly received: Uint8Array;
  /** Bytes that came besides; light on the head may send for ever. */
  readonly more: number;
  readonly outcome: ExchangeOutcome;
  /** Milliseconds from the request's last byte to the reply's; null without one. */
  readonly took: number | null;
}

/** Three times the longest reply. */
const MOST_BYTES = 1024;

type Compact = Omit<KeptExchange, 'sent' | 'received'> & { readonly sent: string; readonly received: string };

/** Keeps the last exchanges with one meter, as bytes alone: what they mean is found out when somebody asks. */
export class ExchangeLog {
  private readonly most: number;
  private readonly kept: Compact[] = [];

  constructor(most: number) {
    this.most = most;
  }

  begin(sent: Uint8Array, at: number): ExchangeRecording {
    return new ExchangeRecording(sent, at, (exchange) => this.keep(exchange));
  }

  get newestFirst(): readonly KeptExchange[] {
    return this.kept
      .map((each) => ({
        ...each,
        sent: Buffer.from(each.sent, 'latin1'),
        received: Buffer.from(each.received, 'latin1'),
      }))
      .reverse();
  }

  private keep({ sent, received, ...rest }: KeptExchange): void {
    // A text takes a byte for a byte, a buffer a hundred more.
    this.kept.push({ ...rest, sent: textOf(sent), received: textOf(received) });
    if (this.kept.length > this.most) this.kept.shift();
  }
}

/** What is heard while one exchange runs. */
export class ExchangeRecording {
  private readonly sent: Uint8Array;
  private readonly at: number;
  private readonly done: (exchange: KeptExchange) => void;
  private readonly chunks: Uint8Array[] = [];
  private count = 0;
  private more = 0;

  constructor(sent: Uint8Array, at: number, done: (exchange: KeptExchange) => void) {
    this.sent = sent;
    this.at = at;
    this.done = done;
  }

  heard(chunk: Uint8Array): void {
    const kept = chunk.subarray(0, MOST_BYTES - this.count);
    this.count += kept.length;
    this.more += chunk.length - kept.length;
    if (kept.length > 0) this.chunks.push(kept);
  }

  /** `took`: as it was if there is a reply. `ended`: why there is no line any more. */
  end({ reply, seen }: Pick<Exchange<unknown>, 'reply' | 'seen'>, took: number, ended: unknown): void {
    const answered = reply !== undefined;
    this.done({
      at: this.at,
      sent: this.sent,
      received: Buffer.concat(this.chunks),
      more: this.more,
      outcome: answered ? 'answered' : ended === undefined ? outcomeOf(seen) : 'cut',
      took: answered ? Math.max(0, Math.round(took)) : null,
    });
  }
}

function outcomeOf(seen: Observation): ExchangeOutcome {
  if (seen.damagedReplies > 0) return 'damaged';
  if (seen.earlyReplies > 0) return 'early';
  if (seen.foreignFrames > 0) return 'foreign';
  if (seen.discardedBytes > 0) return 'noise';
  return seen.echoes > 0 ? 'echo-only' : 'nothing';
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
