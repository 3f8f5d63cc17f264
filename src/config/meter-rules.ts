import type { MeterConfig } from './config.ts';
import { unitsOf } from './meter-kinds.ts';
import { namedSchedules } from './presets.ts';
import { applyKeys, type ConfigKeys, type Fault, pickKnown, renderFaults } from './schema.ts';
import { type TextValue, textLayer } from './sources.ts';

/** Registers that hold the power: of heat, and of electricity. */
const POWER_REGISTERS: readonly number[] = [80, 1023];

/** What keys say of each other about the battery. Values may still be of wrong types. */
function batteryFaults({ schedule, mainsPowered, burst, registers }: MeterConfig): readonly Fault[] {
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

/** Keys of one meter that are right each by itself, but not together. Values may still be of wrong types. */
function contradictions({ port, wakeUp }: MeterConfig): readonly Fault[] {
  return wakeUp === 'preamble' && /^tcp:/i.test(String(port))
    ? [
        {
          path: 'wakeUp',
          text: 'must be "none" for a port in the network, because such a port keeps its speed and cannot call the meter at 300 baud',
        },
      ]
    : [];
}

/** Two meters that cannot be told apart: by name, or by what answers on the line. Values may still be of wrong types. */
function sameMeters(meters: readonly MeterConfig[]): readonly string[] {
  const problems: string[] = [];
  const names = new Map<string, number>();
  const places = new Map<string, number>();
  const ports = new Map<string, number>();
  for (const [index, { name, port, address, baudRate }] of meters.entries()) {
    const sameName = note(names, textOf(name).trim(), index);
    if (sameName !== null) {
      problems.push(`meters[${index}].name: must differ from the name of meters[${sameName}]`);
    }
    // Windows and the network do not tell capitals apart.
    const place = textOf(port).startsWith('/') ? textOf(port) : textOf(port).toLowerCase();
    const samePort = note(ports, place, index);
    const speed = samePort === null ? undefined : meters[samePort]?.baudRate;
    if (speed !== undefined && speed !== baudRate) {
      problems.push(
        `meters[${index}].baudRate: meters[${samePort}] has the same port with another speed; one line has one speed, so set both to the same`,
      );
    }
    const samePlace = place === '' ? null : note(places, `${place} ${Number(address)}`, index);
    if (samePlace !== null) {
      problems.push(
        `meters[${index}].port: meters[${samePlace}] has the same port with the same address; give each its own port, or different addresses where several meters share one`,
      );
    }
  }
  return problems;
}

/** The first index that had the key, or null if it is new. An empty key is somebody else's complaint. */
function note(seen: Map<string, number>, key: string, index: number): number | null {
  const first = seen.get(key);
  if (first === undefined && key !== '') seen.set(key, index);
  return first ?? null;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

const NONE = 'meters: no meter is configured; add one to the list "meters" in the file, or set METER_PORT';

/** The meters of the file, or the single one that environment and command line name or change. */
export function meterList(
  found: readonly unknown[],
  texts: readonly TextValue[],
  keys: ConfigKeys,
): { meters: readonly MeterConfig[]; problems: readonly string[] } {
  if (found.length === 0 && texts.length === 0) return { meters: [], problems: [NONE] };
  const { values, origins } = textLayer(keys, found.length > 1 ? [] : texts);
  const applied = (found.length === 0 ? [{}] : found).map((one, index) => {
    const at = `meters[${index}]`;
    const known = pickKnown(one, keys);
    const { values: meter, faults } = applyKeys<MeterConfig>(keys, [known.values, values]);
    const all = isRefused(known.faults)
      ? known.faults
      : [...known.faults, ...faults, ...contradictions(meter), ...batteryFaults(meter)];
    return { meter, refused: isRefused(known.faults), problems: renderFaults(all, { at, origins }) };
  });
  const meters = applied.map(({ meter }) => meter);
  const problems = [
    ...applied.flatMap((one) => one.problems),
    ...(found.length > 1 && texts.length > 0 ? [ambiguous(texts, found.length)] : []),
    ...(applied.some(({ refused }) => refused) ? [] : sameMeters(meters)),
  ];
  return { meters: problems.length > 0 ? [] : meters.map(numbered), problems };
}

/** Not an object at all: that its keys are missing too is no news. */
function isRefused(faults: readonly Fault[]): boolean {
  return faults.some(({ path }) => path === '');
}

function ambiguous(texts: readonly TextValue[], count: number): string {
  const names = texts.map(({ path, origin }) =>
    origin === 'command line' ? `meter.${path} (${origin})` : origin,
  );
  return `${[...new Set(names)].join(', ')}: for a single meter only, but the file has ${count}; remove this and set the keys of each meter in the file`;
}

/** Addresses and registers may be written "0x3F", and units in several ways. */
function numbered(meter: MeterConfig): MeterConfig {
  return {
    ...meter,
    address: Number(meter.address),
    units: unitsOf(meter.units),
    registers: meter.registers === 'auto' ? 'auto' : meter.registers.map(Number),
  };
}
