import { derivedQuantity } from '../catalogue/derived-quantities.ts';
import { labelIn } from '../catalogue/labels/label-in.ts';
import { registerOf } from '../catalogue/quantities.ts';
import { registerInfo } from '../catalogue/registers.ts';
import type { Language } from '../catalogue/texts/languages.ts';
import { HistoryAnswers } from '../history/answers.ts';
import { boundariesOf, type Span } from '../history/bars.ts';
import type { HistoryRecorder } from '../history/recorder.ts';
import type { MeterConfig } from '../meter/config.ts';
import type { HistoryConsumption, HistoryContents, HistoryCourse } from '../web/api.ts';
import type { HistorySource } from '../web/routes/history.ts';

interface BridgeHistoryOptions {
  readonly recorder: HistoryRecorder;
  readonly meters: readonly Pick<MeterConfig, 'name' | 'timezone' | 'units'>[];
  /** The units in which the quantities of the meter of that name were published last. */
  readonly publishedUnits: (name: string) => Readonly<Record<string, string>>;
}

/** What the recorder has kept, in the units that topics have now. */
export class BridgeHistory implements HistorySource {
  private readonly options: BridgeHistoryOptions;

  constructor(options: BridgeHistoryOptions) {
    this.options = options;
  }

  contents(name: string, language: Language): HistoryContents | undefined {
    const meter = this.meter(name);
    if (meter === undefined) return undefined;
    const { recorder } = this.options;
    const answers = this.answers(name);
    const quantities = (answers?.quantities(name) ?? []).map((kept) => ({
      ...kept,
      label: labelIn(language, kept.quantity, englishLabel(kept.quantity)),
    }));
    const timezone = timezoneOf(meter);
    return {
      problem: answers === undefined ? (recorder.problem ?? null) : null,
      timezone,
      quantities,
      price: null,
    };
  }

  consumption(
    name: string,
    quantity: string,
    by: Span,
    from: number,
    to: number,
  ): HistoryConsumption | undefined {
    const boundaries = boundariesOf(by, from, to, timezoneOf(this.meter(name)));
    if (boundaries === undefined) return undefined;
    const answers = this.answers(name);
    return {
      quantity,
      unit: answers?.unit(name, quantity) ?? '',
      bars: answers?.consumption(name, quantity, boundaries) ?? [],
    };
  }

  course(name: string, quantity: string, from: number, to: number): HistoryCourse {
    const answers = this.answers(name);
    return {
      quantity,
      unit: answers?.unit(name, quantity) ?? '',
      points: answers?.course(name, quantity, from, to) ?? [],
    };
  }

  private meter(name: string) {
    return this.options.meters.find((each) => each.name === name);
  }

  /** Undefined where the file cannot be opened. */
  private answers(name: string): HistoryAnswers | undefined {
    const { recorder, publishedUnits } = this.options;
    const { store } = recorder;
    const wanted = this.meter(name)?.units ?? {};
    const published = publishedUnits(name);
    return store && new HistoryAnswers(store, (quantity) => wanted[quantity] ?? published[quantity]);
  }
}

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
