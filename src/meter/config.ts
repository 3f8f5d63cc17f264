import { R } from '../catalogue/register.ts';
import { registerInfo } from '../catalogue/registers.ts';
import { type Fault, ref, text } from '../schema/fault.ts';
import { type Infer, key, type Written } from '../schema/key.ts';
import { flag, nameText, oneOf, timezone } from '../schema/validators.ts';
import { isNetworkPort } from '../transport/open.ts';
import { cronOrNever, cronsOf, namedSchedules, scheduleList } from './schedules.ts';
import {
  type BurstSettings,
  burstSettings,
  currencyCode,
  gasPerGigaJoule,
  interval,
  meterAddress,
  meterModel,
  portName,
  power,
  priceOfUnit,
  readingsADay,
  registerList,
  secondsBetween,
  timeoutAllowance,
  wantedUnits,
  writtenPort,
} from './validators.ts';

/** The keys of one meter. Their environment variables serve a bridge with a single meter. */
export const meterKeys = {
  name: key('What you call the meter; Home Assistant shows it.', nameText, 'Heat meter'),
  port: key('Where the head is: path, `COM3`, `tcp://host:port`.', portName, ''),
  address: key('KMP address, 1 to 255; 63 nearly always fits.', meterAddress, 0x3f),
  model: key('Which meter it is; `auto`: its answers decide.', meterModel, 'auto'),
  baudRate: key('Bits a second; electricity meters may want 9600.', oneOf([1200, 9600]), 1200),
  // Hourly: the maker's battery tables assume at most one reading an hour.
  schedule: key('When main values are read: cron, preset, or several.', scheduleList, '0 * * * *'),
  detailSchedule: key('When all others are read: cron, or `never`.', cronOrNever, '30 3 * * *'),
  readOnStart: key('Whether it is read at start too.', flag, true),
  timezone: key("Of schedules, days, the meter's clock; empty: the machine's.", timezone, ''),
  registers: key('Read on `schedule`: the main values, or these.', registerList, 'auto'),
  fineEnergy: key('Whether `schedule` reads high-resolution registers too.', flag, false),
  meanTemperatures: key('Whether `schedule` reads E8 and E9 too.', flag, false),
  heatEnergyInKwh: key('Whether heat energy is also published in kWh.', flag, false),
  gasEquivalent: key('Cubic metres of gas for one GJ of heat; 0: none.', gasPerGigaJoule, 0),
  price: key('What a unit of its main total costs; 0: not known.', priceOfUnit, 0),
  currency: key('Of `price`, by ISO 4217: `DKK`, `EUR`; may be empty.', currencyCode, ''),
  units: key("Units by quantity; without: the meter's own.", wantedUnits, '', {
    addon: false,
  }),
  timeoutAllowance: key('Milliseconds beyond the protocol; `null`: by port.', timeoutAllowance, null),
  wakeUp: key(
    'What goes before a reading; `preamble` calls a sleepy 403.',
    oneOf(['none', 'preamble']),
    'none',
  ),
  mainsPowered: key('Whether it is on mains power: readings cost no battery.', flag, false),
  battery: {
    maxReadingsPerDay: key('Most readings on one day; `null`: no limit.', readingsADay, null),
    minSecondsBetween: key('Seconds between readings asked for, up to 3600.', secondsBetween, 10, {
      addon: false,
    }),
  },
  burst: {
    above: key('Above this power, read more often: `2 kW`.', power, null, { addon: false }),
    every: key('How often: 10 s to 24 h.', interval, null, { addon: false }),
  },
};

export type MeterConfig = Infer<typeof meterKeys>;

/** A model that is left out is `auto`. */
export type MeterPlace = Pick<MeterConfig, 'name' | 'port' | 'address'> & Partial<Pick<MeterConfig, 'model'>>;

/** The user wants these with every reading, not only with the details. */
export type ExtraRegisters = Pick<MeterConfig, 'fineEnergy' | 'meanTemperatures'>;

/** A configured meter, with its presets and amounts resolved. */
export interface MeterSettings
  extends MeterPlace,
    ExtraRegisters,
    Pick<
      MeterConfig,
      'detailSchedule' | 'timezone' | 'readOnStart' | 'registers' | 'wakeUp' | 'mainsPowered' | 'battery'
    > {
  /** Cron; two that come at the same moment are one reading. */
  readonly schedules: readonly string[];
  /** Null: none. */
  readonly burst: BurstSettings | null;
}

export function settingsOf(config: MeterConfig): MeterSettings {
  return { ...config, schedules: cronsOf(config.schedule), burst: burstSettings(config.burst) };
}

/** A meter as it is written: `0x3F` for 63, and values of any type where something is wrong. */
export type WrittenMeter = Written<typeof meterKeys>;

/** Contradictions between the keys of one meter. Values may still be of wrong types. */
export function meterFaults(meter: WrittenMeter): readonly Fault[] {
  return [...portFaults(meter), ...liveFaults(meter), ...burstFaults(meter)];
}

function portFaults({ port, wakeUp }: WrittenMeter): readonly Fault[] {
  return wakeUp === 'preamble' && isNetworkPort(writtenPort(String(port)))
    ? [
        {
          path: 'wakeUp',
          text: 'must be "none" for a port in the network, because such a port keeps its speed and cannot call the meter at 300 baud',
        },
      ]
    : [];
}

function liveFaults({ schedule, mainsPowered }: WrittenMeter): readonly Fault[] {
  const names = isText(schedule) ? namedSchedules(schedule).map(({ preset }) => preset) : [];
  return names.includes('live') && mainsPowered !== true
    ? [
        {
          path: 'schedule',
          text: text`"live" reads every 30 seconds, 120 times as often as the maker's battery tables assume; set ${ref('mainsPowered')} to true if this meter is on mains power, otherwise take a slower schedule, such as "balanced"`,
        },
      ]
    : [];
}

function isText(schedule: unknown): schedule is string | readonly string[] {
  const list: readonly unknown[] = Array.isArray(schedule) ? schedule : [schedule];
  return list.every((one) => typeof one === 'string');
}

function burstFaults({ burst: { above, every }, registers }: WrittenMeter): readonly Fault[] {
  const faults: Fault[] = [];
  if (above !== null && every === null)
    faults.push({
      path: 'burst.every',
      text: text`must be set too, because ${ref('burst.above')} is: how often to read meanwhile, such as "5 min"`,
    });
  if (every !== null && above === null)
    faults.push({
      path: 'burst.above',
      text: text`must be set too, because ${ref('burst.every')} is: the power from which on to read so often, such as "2 kW"`,
    });
  if (above !== null && Array.isArray(registers) && !registers.some(isPower))
    faults.push({
      path: 'burst.above',
      text: text`needs the power, which is not among "${ref('registers')}"; add ${R.power} there (${R.powerImport} for an electricity meter)`,
    });
  return faults;
}

function isPower(register: unknown): boolean {
  return registerInfo(Number(register)).traits.demand === true;
}
