import { glanceText } from '../readings/glance.ts';
import type { Deps } from '../shared/deps.ts';
import { sentenceOf } from '../shared/errors.ts';
import { DAY, HOUR, Repeats, TOLERANCE, withoutNumbers } from '../shared/repeats.ts';
import { Slots } from '../shared/slots.ts';
import { Trouble } from '../shared/trouble.ts';
import type { MeterSettings } from './config.ts';
import type { Health, ReadingPart } from './health.ts';
import type { ReadingKind, ReadingResult } from './meter-reader.ts';

type LogSettings = Pick<MeterSettings, 'name' | 'schedules' | 'timezone'>;

const MINUTE = 60_000;
/** Good readings that are told whatever the schedule. */
const FIRST = 3;
/** Milliseconds after trouble in which good readings are not told: together they would fill the log. */
const AFTER_TROUBLE = 2.5 * HOUR;

/** What a reading brought, for the log. */
interface GoodReading extends Pick<ReadingResult, 'meter' | 'fresh' | 'doubts'> {
  readonly kind: ReadingKind;
  /** Milliseconds. */
  readonly duration: number;
  /** The trouble is over, in words. */
  readonly again: string;
  readonly diagnostics: Health['diagnostics'];
}

/** What the log hears of a meter's readings: that they come, that they fail, and that they are good again. */
export class ReadingLog {
  private readonly settings: LogSettings;
  private readonly clock: Deps['clock'];
  private readonly logger: Deps['logger'];
  private readonly learningLog: Repeats;
  /** What the reading that runs learns the registers of. */
  private learns: 'nothing' | 'the rest' | 'all' = 'nothing';
  /** What a person looks at, of the last reading that had it. */
  private latest = '';
  /** How many good readings were told, and when the last one was. */
  private told = 0;
  private toldAt = Number.NEGATIVE_INFINITY;
  /** When something last went wrong that is told elsewhere. Both on the monotonic clock. */
  private disturbedAt = Number.NEGATIVE_INFINITY;
  private readonly trouble: Trouble;
  /** The line tells that its port is away, and when it is back; here only whose readings that costs. */
  private readonly portTrouble: Repeats;
  private refusedOn: string | undefined;

  constructor(settings: LogSettings, deps: Pick<Deps, 'clock' | 'logger'>) {
    this.settings = settings;
    this.clock = deps.clock;
    this.logger = deps.logger;
    this.learningLog = new Repeats(deps, { every: DAY });
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

  /** Of the main values one line with what a person looks at; the rest is for who looks closer. */
  succeeded({ meter, fresh, doubts, kind, duration, again, diagnostics }: GoodReading): void {
    const learns = this.learns;
    this.learns = 'nothing';
    this.portTrouble.over();
    const took = `(${(duration / 1000).toFixed(1)} s)`;
    const glance = glanceText(fresh);
    if (glance !== '') this.latest = `${glance} ${took}`;
    // Its end may be told after further readings.
    const wasTrouble = this.trouble.over(() => this.named([again, this.latest].filter(Boolean).join(': ')));
    if (doubts.length > 0) this.disturbedAt = this.clock.monotonic();
    const count = `${fresh.length}${learns === 'the rest' ? ' more' : ''} ${fresh.length === 1 ? 'value' : 'values'}`;
    const details = `${count} of meter ${meter.serialNumber} ${took}`;
    if (learns === 'the rest')
      return void this.learningLog.say('info', this.named(`${count} ${took}`), 'learnt');
    this.logger.debug(this.named(details), { diagnostics });
    const isMain = kind === 'scheduled' || learns === 'all';
    if (!isMain || wasTrouble || !this.isDue) return;
    this.logger.info(this.named(`${glance === '' ? count : glance} ${took}`));
    this.told++;
    this.toldAt = this.clock.monotonic();
  }

  /** `part`: the first where the main registers have brought nothing, as long as the kind of meter is not known. */
  learning(part: ReadingPart): void {
    this.learns = part === 'first' ? 'all' : 'the rest';
    this.learningLog.say('info', this.named('asking once for everything else that this meter may have'));
  }

  /** The line tells that it was away. */
  portOpened(wasLost: boolean): void {
    if (wasLost) this.disturbedAt = this.clock.monotonic();
  }

  /** One an hour, and none among the lines of trouble. */
  private get isDue(): boolean {
    if (this.told < FIRST) return true;
    const now = this.clock.monotonic();
    const quietFor = Math.min(this.trouble.quietFor, this.portTrouble.quietFor, now - this.disturbedAt);
    return quietFor >= AFTER_TROUBLE && now - this.toldAt >= HOUR - TOLERANCE;
  }

  /** `retry`: minutes until it is tried again; undefined for the schedule alone. */
  failed(error: unknown, cause: 'port' | 'meter', retry: number | undefined): void {
    this.learns = 'nothing';
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
