import type { Deps } from '../shared/deps.ts';
import { sentenceOf } from '../shared/errors.ts';
import { DAY, Repeats, withoutNumbers } from '../shared/repeats.ts';
import { Slots } from '../shared/slots.ts';
import { Trouble } from '../shared/trouble.ts';
import type { MeterSettings } from './config.ts';

type LogSettings = Pick<MeterSettings, 'name' | 'schedules' | 'timezone'>;

const MINUTE = 60_000;

/** What the log hears of a meter's readings: that they come, that they fail, and that they are good again. */
export class ReadingLog {
  private readonly settings: LogSettings;
  private readonly clock: Deps['clock'];
  private readonly logger: Deps['logger'];
  /** That all is well is worth a line a day. */
  private readonly routine: Repeats;
  private readonly trouble: Trouble;
  /** The line tells that its port is away, and when it is back; here only whose readings that costs. */
  private readonly portTrouble: Repeats;
  private refusedOn: string | undefined;

  constructor(settings: LogSettings, deps: Pick<Deps, 'clock' | 'logger'>) {
    this.settings = settings;
    this.clock = deps.clock;
    this.logger = deps.logger;
    this.routine = new Repeats(deps, { every: DAY });
    this.trouble = new Trouble(deps, { isState: false });
    this.portTrouble = new Repeats(deps, { every: DAY, isState: true });
  }

  /** The meter has had its readings of this day. */
  refused(reason: string, date: string): void {
    if (this.refusedOn !== date) this.logger.warn(this.named(reason));
    this.refusedOn = date;
  }

  stop(): void {
    this.trouble.stop();
  }

  /** `again`: the trouble is over, in words. Duration in milliseconds. */
  succeeded(values: number, serialNumber: string, duration: number, again: string): void {
    const count = `${values} ${values === 1 ? 'value' : 'values'}`;
    const text = `${count} of meter ${serialNumber} in ${(duration / 1000).toFixed(1)} s`;
    this.routine.say('info', this.named(text), 'values');
    this.portTrouble.over();
    this.trouble.over(() => this.named(again));
  }

  learning(): void {
    this.routine.say('info', this.named('asking once for everything else that this meter may have'));
  }

  /** `retry`: minutes until it is tried again; undefined for the schedule alone. */
  failed(error: unknown, cause: 'port' | 'meter', retry: number | undefined): void {
    const sentence = sentenceOf(error);
    const text = this.named(`${sentence} Reading again ${this.when(retry)}.`);
    const kind = withoutNumbers(sentence);
    if (cause === 'meter') this.trouble.met('warn', text, kind);
    else this.portTrouble.say('warn', text, kind);
  }

  /** What a meter that is silent is spared. */
  spared(text: string): void {
    this.trouble.remark('warn', this.named(text));
  }

  private when(retry: number | undefined): string {
    if (retry === undefined) return 'on schedule';
    const { schedules, timezone } = this.settings;
    const now = this.clock.now();
    const isSooner = schedules.some((each) => {
      const slot = new Slots(each, timezone).next(now);
      return slot !== undefined && slot <= now + retry * MINUTE;
    });
    return isSooner ? 'on schedule' : `in ${retry} min`;
  }

  private named(text: string): string {
    return `${this.settings.name}: ${text}`;
  }
}
