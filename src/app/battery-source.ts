import type { MeterConfig } from '../meter/config.ts';
import type { Meter, MeterStatus } from '../meter/meter.ts';
import { cronsOf, PRESETS, scheduleText } from '../meter/schedules.ts';
import { scheduleChoices } from '../setup/decisions.ts';
import { readingsADay } from '../shared/schedule.ts';
import type { BatteryState } from '../web/api.ts';
import type { BatterySource } from '../web/routes/battery.ts';

/** One an hour (technical description of the 403, 10.4). */
const ASSUMED_A_DAY = 24;

type ReadMeter = Pick<MeterConfig, 'name' | 'schedule' | 'detailSchedule' | 'mainsPowered' | 'battery'>;

interface AccountedBridge {
  /** In the order of the configuration. */
  readonly meters: readonly Pick<MeterStatus, 'meter'>[];
  meterAt(index: number): Pick<Meter, 'spent'> | undefined;
}

/** The batteries' accounts as the page shows them. */
export class BridgeBatteries implements BatterySource {
  private readonly bridge: AccountedBridge;
  private readonly meters: readonly ReadMeter[];
  /** By what they follow from: counting them takes a while. */
  private readonly counted = new Map<string, number>();

  constructor(bridge: AccountedBridge, meters: readonly ReadMeter[]) {
    this.bridge = bridge;
    this.meters = meters;
  }

  battery(name: string): BatteryState | undefined {
    const index = this.meters.findIndex((meter) => meter.name === name);
    const config = this.meters[index];
    const spent = this.bridge.meterAt(index)?.spent;
    if (config === undefined || spent === undefined) return undefined;
    const { days, ratio, isJudged, readingsLeftToday, today } = spent;
    const mainsPowered = config.mainsPowered || this.bridge.meters[index]?.meter?.mainsPowered === true;
    return {
      mainsPowered,
      assumedReadingsADay: ASSUMED_A_DAY,
      readingsToday: today.readings,
      days: days.map(({ date, readings, awakeTime, bytes }) => ({ date, readings, awakeTime, bytes })),
      ratio,
      isJudged,
      readingsLeftToday,
      presets: this.presetsFor(config, mainsPowered),
    };
  }

  /** Each with the details that this meter is asked for besides, within what is allowed on a day; its own among them. */
  private presetsFor(config: ReadMeter, mainsPowered: boolean): BatteryState['presets'] {
    const own = cronsOf(config.schedule);
    const isOurs = (crons: readonly string[]): boolean => crons.join(';') === own.join(';');
    const choices = scheduleChoices(mainsPowered ? 'mains' : 'battery').map(({ preset, words }) => ({
      name: preset,
      words,
      crons: [String(PRESETS[preset])],
    }));
    const written = { name: scheduleText(config.schedule), words: 'as in the configuration', crons: own };
    const all = choices.some(({ crons }) => isOurs(crons)) ? choices : [written, ...choices];
    return all.map(({ name, words, crons }) => {
      const readings = this.readingsADay(crons, config);
      return { name, words, readingsADay: readings, ratio: readings / ASSUMED_A_DAY, isOurs: isOurs(crons) };
    });
  }

  private readingsADay(crons: readonly string[], { detailSchedule, battery }: ReadMeter): number {
    const key = `${crons.join(';')} ${detailSchedule}`;
    const count = (): number =>
      Math.round(readingsADay(crons) + (detailSchedule === 'never' ? 0 : readingsADay([detailSchedule])));
    const wanted = this.counted.get(key) ?? count();
    this.counted.set(key, wanted);
    return Math.min(wanted, battery.maxReadingsPerDay ?? wanted);
  }
}
