import type { BridgeState, LogLine, MeterState, OutputState } from '../../src/web/api.ts';
import { ApiError, apiPath, get } from './api.ts';

/** Kept of the log, as the bridge itself keeps it. */
const LOG_LINES = 500;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;
/** A phone that slept longer has lost its connection, whatever it believes. */
const ASLEEP = 10_000;
/** The bridge is silent this long: a connection that died without a word. It says something every 15 s. */
const SILENT = 45_000;
/** Between two looks at the connection, or at the bridge itself where no events come through. */
const LOOK = 5_000;

/** The bridge as it is now, over server-sent events; connects again by itself. Tells of changes once a frame. */
export class Live extends EventTarget {
  state: BridgeState | undefined;
  log: readonly LogLine[] = [];
  /** Why nothing comes, since when; undefined while all is well. */
  away: { readonly since: number; readonly why: string } | undefined;
  private source: EventSource | undefined;
  private timer: number | undefined;
  private heard = 0;
  private opened = 0;
  /** Something between holds events back: Home Assistant's ingress did so until it left them uncompressed. */
  private deaf = false;
  private wait = FIRST_WAIT;
  private hiddenAt: number | undefined;
  private told = false;
  private stopped = true;

  start(): void {
    this.stopped = false;
    document.addEventListener('visibilitychange', this.looked);
    addEventListener('online', this.again);
    setInterval(this.watch, LOOK);
    this.again();
  }

  /** Until `again`: while somebody has to say who it is. */
  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.source?.close();
    this.source = undefined;
  }

  /** Nothing of it stays to be seen. */
  forget(): void {
    this.stop();
    this.state = undefined;
    this.log = [];
  }

  readonly again = (): void => {
    this.stop();
    this.stopped = false;
    this.deaf = false;
    void this.connect();
  };

  private readonly looked = (): void => {
    if (document.hidden) {
      this.hiddenAt = Date.now();
      return;
    }
    const slept = this.hiddenAt !== undefined && Date.now() - this.hiddenAt > ASLEEP;
    if (!this.stopped && (slept || this.away !== undefined)) this.again();
  };

  private readonly watch = (): void => {
    if (this.stopped || document.hidden) return;
    if (this.deaf) {
      if (this.away === undefined) void this.connect();
      return;
    }
    if (this.source === undefined) return;
    if (this.heard === 0) {
      if (Date.now() - this.opened < LOOK) return;
      this.deaf = true;
      // What it still holds back is older than what is asked for from now on.
      this.source.close();
      this.source = undefined;
    } else if (Date.now() - this.heard > SILENT) this.again();
  };

  private async connect(): Promise<void> {
    try {
      // Its answer tells what an EventSource keeps to itself: that it is not there, or asks for a password.
      this.take(await get<BridgeState>('state'));
      if (this.log.length === 0 || this.deaf) this.log = await get<LogLine[]>('log').catch(() => []);
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) this.stop();
      else this.lost(error instanceof Error ? error.message : String(error));
      return;
    }
    if (!this.stopped && !this.deaf) this.listen();
  }

  private listen(): void {
    this.source?.close();
    const source = new EventSource(apiPath('events'));
    this.source = source;
    this.heard = 0;
    this.opened = Date.now();
    const on = <T>(event: string, take: (data: T) => void): void =>
      source.addEventListener(event, (message) => {
        this.heard = Date.now();
        take(JSON.parse((message as MessageEvent<string>).data) as T);
      });
    on<BridgeState>('state', (state) => this.take(state));
    on<MeterState>('meter', (meter) => this.patchMeter(meter));
    on<OutputState[]>('outputs', (outputs) => this.patch({ outputs }));
    on<LogLine>('log', (line) => {
      this.log = [...this.log, line].slice(-LOG_LINES);
      this.tell();
    });
    on<unknown>('alive', () => undefined);
    source.addEventListener('error', () => {
      if (this.source !== source) return;
      source.close();
      this.source = undefined;
      this.lost('');
    });
  }

  private take(state: BridgeState): void {
    this.state = state;
    this.away = undefined;
    this.wait = FIRST_WAIT;
    this.tell();
  }

  private patchMeter(meter: MeterState): void {
    const meters = this.state?.meters ?? [];
    this.patch({ meters: meters.map((one) => (one.name === meter.name ? meter : one)) });
  }

  private patch(part: Partial<{ outputs: readonly OutputState[]; meters: readonly MeterState[] }>): void {
    if (this.state === undefined) return;
    this.state = { ...this.state, ...part };
    this.tell();
  }

  private lost(why: string): void {
    if (this.stopped) return;
    this.away ??= { since: Date.now(), why };
    if (why !== '') this.away = { ...this.away, why };
    this.tell();
    this.timer = setTimeout(() => void this.connect(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
  }

  private tell(): void {
    if (this.told) return;
    this.told = true;
    const now = (): void => {
      this.told = false;
      this.dispatchEvent(new Event('change'));
    };
    // A hidden page has no frames.
    if (document.hidden) setTimeout(now, 200);
    else requestAnimationFrame(now);
  }
}
