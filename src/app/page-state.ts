import type { Language } from '../catalogue/texts/languages.ts';
import type { Config } from '../config/keys.ts';
import type { LogTail } from '../log/winston-logger.ts';
import type { MeterStatus } from '../meter/meter.ts';
import type { BrokerState } from '../mqtt/connection.ts';
import type { Clock } from '../shared/clock.ts';
import { wallTime } from '../shared/credible-clock.ts';
import type { Logger } from '../shared/logger.ts';
import type { LogLine, MeterState, OutputState, Value } from '../web/api.ts';
import type { StateSource } from '../web/state-source.ts';
import { asPublished, meterState, signatureOf, valuesOf } from './meter-state.ts';
import { NextReadings } from './next-readings.ts';
import { brokerState, outputState, type ShownOutput } from './output-states.ts';
import { type Accounts, Midnights } from './today.ts';

/** The part of a bridge that the page shows and asks. */
interface ShownBridge {
  readonly clockProblem: string | undefined;
  readonly broker: BrokerState | undefined;
  readonly otherOutputs: readonly ShownOutput[];
  /** In the order of the configuration. */
  readonly meters: readonly MeterStatus[];
  readNow(index: number): Exclude<ReturnType<StateSource['read']>, 'taken'>;
}

interface PageStateOptions {
  /** Another one may take its place. */
  readonly present: { readonly bridge: ShownBridge; readonly config: Config };
  readonly accounts: Accounts;
  readonly version: string;
  /** Of the page; never behind ingress. */
  readonly usesPassword: boolean;
  readonly tail: LogTail;
  readonly logger: Logger;
  readonly clock: Clock;
  /** A moment of that clock. */
  readonly startedAt: number;
}

interface Kept {
  readonly signature: string;
  readonly state: MeterState;
}

/** The bridge as the page shows it. */
export class PageState implements StateSource {
  private readonly options: PageStateOptions;
  private readonly next: NextReadings;
  private readonly midnights = new Midnights();
  private readonly kept = new Map<string, Kept>();
  private keptOf: Config | undefined;

  constructor(options: PageStateOptions) {
    this.options = options;
    this.next = new NextReadings(options.clock);
  }

  head(): ReturnType<StateSource['head']> {
    const { present, version, clock, startedAt, usesPassword } = this.options;
    const { bridge, config } = present;
    return {
      version,
      startedAt: wallTime(startedAt, clock),
      clockProblem: bridge.clockProblem ?? null,
      needsSetup: config.meters.length === 0,
      usesPassword,
    };
  }

  outputs(): readonly OutputState[] {
    const { bridge, config } = this.options.present;
    const { broker } = bridge;
    return [
      ...(broker === undefined ? [] : [brokerState(broker)]),
      ...bridge.otherOutputs.map((output) => outputState(output, config)),
    ];
  }

  meters(language: Language): readonly MeterState[] {
    const { present, clock, accounts } = this.options;
    const { bridge, config } = present;
    if (config !== this.keptOf) this.kept.clear();
    this.keptOf = config;
    const statuses = bridge.meters;
    const now = clock.now();
    return config.meters.flatMap((meter, index) => {
      const status = statuses[index];
      if (status === undefined) return [];
      const moment = {
        now,
        nextReading: this.next.of(meter),
        midnight: this.midnights.before(now, meter.timezone),
      };
      const name = `${language} ${meter.name}`;
      const signature = signatureOf(status, moment);
      const kept = this.kept.get(name);
      if (kept?.signature === signature) return [kept.state];
      const state = meterState(meter, status, moment, language, accounts);
      this.kept.set(name, { signature, state });
      return [state];
    });
  }

  values(name: string, language: Language): readonly Value[] | undefined {
    const index = this.indexOf(name);
    const status = this.options.present.bridge.meters[index];
    return status && valuesOf(asPublished(name, status.latest, this.options.accounts), language);
  }

  log(from: number): { readonly lines: readonly LogLine[]; readonly next: number } {
    const { tail, logger } = this.options;
    const { entries, count } = tail;
    const wanted = entries.slice(Math.max(0, from - (count - entries.length)));
    // Again: what was logged may hold what was learnt to be a secret only later.
    const lines = wanted.map(({ time, level, message }) => ({
      time,
      level,
      message: logger.withoutSecrets(message),
    }));
    return { lines, next: count };
  }

  read(name: string): ReturnType<StateSource['read']> {
    const index = this.indexOf(name);
    return index < 0 ? undefined : (this.options.present.bridge.readNow(index) ?? 'taken');
  }

  private indexOf(name: string): number {
    return this.options.present.config.meters.findIndex((meter) => meter.name === name);
  }
}
