import type { LogShelf } from '../history/log-shelf.ts';
import type { LogStore } from '../history/log-store.ts';
import type { MeterConfig } from '../meter/config.ts';
import type { MeterIdentity } from '../meter/publisher.ts';
import { shownUnits } from '../outputs/converting-publisher.ts';
import { SelectivePublisher } from '../outputs/output.ts';
import type { Reading } from '../readings/reading.ts';
import type { Deps } from '../shared/deps.ts';
import { handOn, type LogTaker } from './hand-on.ts';
import { LogRoutine, type LogRoutineOptions } from './log-routine.ts';

/** Brings what is kept on to others; false where that has to be tried again. */
interface Bringer {
  bring(meter: MeterIdentity, logs: LogStore): Promise<boolean>;
  stop(): void;
}

interface LogDutyOptions extends Pick<Deps, 'clock' | 'logger'> {
  readonly configs: readonly Pick<MeterConfig, 'name' | 'timezone' | 'baudRate' | 'units'>[];
  /** The one that is read now. */
  readonly meterWith: (serialNumber: string) => LogRoutineOptions['source'] | undefined;
  readonly shelf: LogShelf;
  /** Get what is kept. */
  readonly outputs: readonly LogTaker[];
  readonly statistics?: Bringer | undefined;
  /** In which a meter's quantities were published last. */
  readonly unitsOf: (serialNumber: string) => Readonly<Record<string, string>>;
}

/** Reads what the meters wrote down themselves, each after readings of its own. */
export class LogDuty extends SelectivePublisher {
  private readonly options: LogDutyOptions;
  private readonly routines = new Map<string, LogRoutine>();
  /** By serial number, as they were told last: which model it is may become clear while its log is read. */
  private readonly identities = new Map<string, MeterIdentity>();
  private stopped = false;

  constructor(options: LogDutyOptions) {
    super();
    this.options = options;
  }

  override readingTaken(meter: MeterIdentity, fresh: readonly Reading[]): void {
    this.identities.set(meter.serialNumber, meter);
    if (fresh.length > 0) this.routineOf(meter)?.readingTaken();
  }

  override meterForgotten(serialNumber: string): void {
    this.routines.delete(serialNumber);
    this.identities.delete(serialNumber);
  }

  /** Resolves when nothing is read any more; to be called while the meters are being stopped. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.options.statistics?.stop();
    await Promise.all(Array.from(this.routines.values(), (routine) => routine.stop()));
  }

  private routineOf(meter: MeterIdentity): LogRoutine | undefined {
    const known = this.routines.get(meter.serialNumber);
    if (known !== undefined) return known;
    const { configs, meterWith, statistics } = this.options;
    const source = meterWith(meter.serialNumber);
    if (source === undefined) return undefined;
    const { timezone = '', baudRate, units = {} } = configs.find(({ name }) => name === meter.name) ?? {};
    const routine = new LogRoutine({
      ...this.options,
      meter,
      timezone,
      baudRate,
      source,
      bring: async (logs) => {
        // Outputs that are being stopped as well would lose it; the next start hands it on.
        if (!this.stopped) this.handOn(logs, meter, units);
        return statistics?.bring(meter, logs) ?? true;
      },
    });
    this.routines.set(meter.serialNumber, routine);
    return routine;
  }

  private handOn(logs: LogStore, meter: MeterIdentity, wanted: Readonly<Record<string, string>>): void {
    const { outputs, unitsOf } = this.options;
    const identity = this.identities.get(meter.serialNumber) ?? meter;
    handOn(logs, identity, outputs, shownUnits({ published: unitsOf(meter.serialNumber) }, wanted));
  }
}
