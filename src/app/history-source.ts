import { derivedQuantity } from '../catalogue/derived-quantities.ts';
import { labelIn } from '../catalogue/labels/label-in.ts';
import { registerOf } from '../catalogue/quantities.ts';
import { registerInfo } from '../catalogue/registers.ts';
import type { Language } from '../catalogue/texts/languages.ts';
import { HistoryAnswers, type KeptQuantity } from '../history/answers.ts';
import { boundariesOf } from '../history/bars.ts';
import { HistoryQueries } from '../history/queries.ts';
import type { HistoryRecorder } from '../history/recorder.ts';
import type { HistoryStore } from '../history/store.ts';
import { usedSince } from '../history/used-since.ts';
import type { MeterConfig } from '../meter/config.ts';
import type { Reading } from '../readings/reading.ts';
import type { BarLength } from '../shared/bar-length.ts';
import type { HistoryConsumption, HistoryContents, HistoryCourse } from '../web/api.ts';
import { Refused } from '../web/route.ts';
import type { HistorySource } from '../web/routes/history.ts';
import { type Accounts, finelyCounted, mainTotal } from './today.ts';

interface BridgeHistoryOptions {
  readonly recorder: HistoryRecorder;
  readonly meters: () => readonly Pick<MeterConfig, 'name' | 'timezone' | 'units' | 'price' | 'currency'>[];
  /** The units in which the quantities of the meter of that name were published last. */
  readonly publishedUnits: (name: string) => Readonly<Record<string, string>>;
  /** What is known of the meter of that name. */
  readonly latest: (name: string) => readonly Reading[];
}

/** What the recorder has kept, in the units that topics have now. */
export class BridgeHistory implements HistorySource, Accounts {
  private readonly options: BridgeHistoryOptions;
  private prepared: { readonly store: HistoryStore; readonly queries: HistoryQueries } | undefined;

  constructor(options: BridgeHistoryOptions) {
    this.options = options;
  }

  contents(name: string, language: Language): HistoryContents | undefined {
    const meter = this.meter(name);
    if (meter === undefined) return undefined;
    const { kept, problem } = this.kept(name);
    const quantities = kept.map((one) => ({
      ...one,
      label: labelIn(language, one.quantity, englishLabel(one.quantity)),
    }));
    return { problem, timezone: timezoneOf(meter), quantities, price: this.price(meter) };
  }

  consumption(
    name: string,
    quantity: string,
    by: BarLength,
    from: number,
    to: number,
  ): HistoryConsumption | undefined {
    const boundaries = boundariesOf(by, from, to, timezoneOf(this.meter(name)));
    if (boundaries === undefined) return undefined;
    return this.answered(name, (answers) => ({
      quantity,
      unit: answers?.unit(name, quantity) ?? '',
      bars: answers?.consumption(name, quantity, boundaries) ?? [],
    }));
  }

  course(name: string, quantity: string, from: number, to: number): HistoryCourse {
    return this.answered(name, (answers) => ({
      quantity,
      unit: answers?.unit(name, quantity) ?? '',
      points: answers?.course(name, quantity, from, to) ?? [],
    }));
  }

  private kept(name: string): Pick<HistoryContents, 'problem'> & { readonly kept: readonly KeptQuantity[] } {
    try {
      const answers = this.answers(name);
      return { kept: answers?.quantities(name) ?? [], problem: this.options.recorder.problem };
    } catch (error) {
      return { kept: [], problem: this.options.recorder.lookUpFailed(error) };
    }
  }

  private answered<A>(name: string, ask: (answers: HistoryAnswers | undefined) => A): A {
    try {
      return ask(this.answers(name));
    } catch (error) {
      throw new Refused(503, this.options.recorder.lookUpFailed(error));
    }
  }

  /** Without what waits to be written: a memory card is not written to for being looked at. */
  usedSince(...asked: Parameters<Accounts['usedSince']>): ReturnType<Accounts['usedSince']> {
    try {
      const queries = this.queries(this.options.recorder.written);
      return queries && usedSince(queries, ...asked);
    } catch (error) {
      this.options.recorder.lookUpFailed(error);
      return undefined;
    }
  }

  publishedUnit(...[name, { quantity, unit }]: Parameters<Accounts['publishedUnit']>): string {
    return this.unitOf(name, quantity) ?? unit;
  }

  private price({ name, price, currency }: PricedMeter): HistoryContents['price'] {
    const main = mainTotal(this.options.latest(name));
    if (price === 0 || main === undefined) return null;
    const quantities = [main.quantity, finelyCounted(main)];
    return { value: String(price), unit: this.publishedUnit(name, main), currency, quantities };
  }

  private meter(name: string) {
    return this.options.meters().find((each) => each.name === name);
  }

  /** Undefined where the file cannot be opened. */
  private answers(name: string): HistoryAnswers | undefined {
    const queries = this.queries(this.options.recorder.store);
    return queries && new HistoryAnswers(queries, (quantity) => this.unitOf(name, quantity));
  }

  /** As in topics. */
  private unitOf(name: string, quantity: string): string | undefined {
    return this.meter(name)?.units[quantity] ?? this.options.publishedUnits(name)[quantity];
  }

  private queries(store: HistoryStore | undefined): HistoryQueries | undefined {
    if (store === undefined) return undefined;
    if (this.prepared?.store !== store)
      this.prepared = { store, queries: new HistoryQueries(store.database) };
    return this.prepared.queries;
  }
}

type PricedMeter = Pick<MeterConfig, 'name' | 'price' | 'currency'>;

/** Empty is the machine's own, which a browser cannot know. */
function timezoneOf(meter: Pick<MeterConfig, 'timezone'> | undefined): string {
  return meter?.timezone || new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function englishLabel(quantity: string): string {
  const register = registerOf(quantity);
  return register === undefined
    ? (derivedQuantity(quantity)?.label ?? quantity)
    : registerInfo(register).label;
}
