import type { MeterConfig } from './config.ts';
import type { Fault } from './fault.ts';
import { namedSchedules } from './named-schedules.ts';

/** Registers that hold the power: of heat, and of electricity. */
const POWER_REGISTERS: readonly number[] = [80, 1023];

/** What keys say of each other about the battery. Values may still be of wrong types. */
export function batteryFaults({ schedule, mainsPowered, burst, registers }: MeterConfig): readonly Fault[] {
  const faults: Fault[] = [];
  const names = isText(schedule) ? namedSchedules(schedule).map(({ preset }) => preset) : [];
  if (names.includes('live') && mainsPowered !== true) {
    faults.push({
      path: 'schedule',
      text: '"live" reads every 30 seconds, 120 times as often as the maker\'s battery tables assume; set mainsPowered to true if this meter is on mains power, otherwise take a slower schedule, such as "balanced"',
    });
  }
  const { above, every } = burst;
  if (above !== null && every === null) {
    faults.push({
      path: 'burst.every',
      text: 'must be set too, because burst.above is: how often to read meanwhile, such as "5 min"',
    });
  }
  if (every !== null && above === null) {
    faults.push({
      path: 'burst.above',
      text: 'must be set too, because burst.every is: the power from which on to read so often, such as "2 kW"',
    });
  }
  if (above !== null && Array.isArray(registers) && !registers.some(isPower)) {
    faults.push({
      path: 'burst.above',
      text: 'needs the power, which is not among "registers"; add 80 there (1023 for an electricity meter)',
    });
  }
  return faults;
}

function isText(schedule: unknown): schedule is string | readonly string[] {
  const list: readonly unknown[] = Array.isArray(schedule) ? schedule : [schedule];
  return list.every((one) => typeof one === 'string');
}

function isPower(register: unknown): boolean {
  return POWER_REGISTERS.includes(Number(register));
}
