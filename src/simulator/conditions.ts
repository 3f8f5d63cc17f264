import { R } from '../catalogue/register.ts';
import { Multical2MqttError } from '../shared/errors.ts';
import type { RegisterDefinition } from './models/meter-model.ts';

type Definitions = ReadonlyMap<number, RegisterDefinition>;

/** Forms of the info code: the 601 and 402, the x3 family, water meters with two bytes, and with four. */
type InfoForm = '601' | 'x3' | 'water' | 'water-long';

interface Condition {
  /** Bits that each kind of meter that knows the condition adds to its info code. */
  readonly bits: Readonly<Partial<Record<InfoForm, number>>>;
  /** Contents of registers meanwhile, in their own units. */
  readonly shown?: (form: InfoForm) => Readonly<Record<number, number>>;
}

const NO_RESULT = { [R.temperatureDifference]: 0, [R.power]: 0 };

/** An open sensor: 185.00 °C (TD403 p.94), on a 601 200.00 °C (nabovarme/MeterLogger). Difference and power are 0. */
const open = (register: number) => (form: InfoForm) => ({
  [register]: form === '601' ? 200 : 185,
  ...NO_RESULT,
});
const shorted = (register: number) => () => ({ [register]: 0, ...NO_RESULT });
const noFlow = () => ({ [R.flow]: 0, [R.power]: 0 });

// biome-ignore format: a table reads best in rows
/** Bits: TD602 p.49, TD403 p.92, TD3100 p.40, wmbusmeters. Values: TD403 p.94. */
const CONDITIONS = {
  'supply-interrupted': { bits: { 601: 1, x3: 1 } },
  'low-battery': { bits: { x3: 2, 'water-long': 32 } },
  'external-alarm': { bits: { x3: 4 } },
  'flow-temperature-sensor-disconnected': { bits: { 601: 8, x3: 8 }, shown: open(R.flowTemperature) },
  'return-temperature-sensor-disconnected': { bits: { 601: 4, x3: 16 }, shown: open(R.returnTemperature) },
  'flow-temperature-sensor-shorted': { bits: { x3: 32 }, shown: shorted(R.flowTemperature) },
  'return-temperature-sensor-shorted': { bits: { x3: 64 }, shown: shorted(R.returnTemperature) },
  'difference-invalid': { bits: { x3: 128 }, shown: () => NO_RESULT },
  'flow-sensor-error': { bits: { 601: 16, x3: 0x1_0000 }, shown: noFlow },
  'wrong-pulse-figure': { bits: { 601: 2048, x3: 0x2_0000 }, shown: noFlow },
  air: { bits: { 601: 4096, x3: 256 }, shown: noFlow },
  'wrong-flow-direction': { bits: { 601: 16384, x3: 512, water: 2, 'water-long': 2 }, shown: noFlow },
  'high-flow': { bits: { x3: 2048 } },
  leak: { bits: { 601: 256, x3: 0x4000_0000, water: 4, 'water-long': 4 } },
  burst: { bits: { 601: 512, x3: 0x1000_0000, water: 8, 'water-long': 8 } },
  dry: { bits: { water: 1, 'water-long': 1 } },
  tampering: { bits: { 'water-long': 16 } },
  'low-ambient-temperature': { bits: { 'water-long': 64 } },
  'no-consumption': { bits: { 'water-long': 512 } },
} as const satisfies Readonly<Record<string, Condition>>;

export type ConditionName = keyof typeof CONDITIONS;

export const CONDITION_NAMES = Object.keys(CONDITIONS) as readonly ConditionName[];

const WATER_CODE_LENGTH = 2;

/** Error `usage` for an unknown name. */
export function parseCondition(text: string): ConditionName {
  if (Object.hasOwn(CONDITIONS, text)) return text as ConditionName;
  throw new Multical2MqttError(
    'usage',
    `There is no condition "${text}". Conditions are: ${CONDITION_NAMES.join(', ')}.`,
  );
}

/**
 * Registers that differ under these conditions: the info code (on an x3 meter as bits in both of its registers, though
 * nobody has seen yet what its 99 holds), and the values of failed sensors. Error `usage` for a condition that a meter
 * of this kind does not know.
 */
export function conditionRegisters(registers: Definitions, names: readonly ConditionName[]): Definitions {
  const form = infoForm(registers);
  const changed = new Map<number, RegisterDefinition>();
  const show = (id: number, change: Partial<RegisterDefinition>): void => {
    const definition = registers.get(id);
    if (definition !== undefined) changed.set(id, { ...definition, ...change });
  };
  let code = 0;
  for (const name of names) {
    const { bits, shown }: Condition = CONDITIONS[name];
    code += bits[form] ?? unknownHere(name, form);
    for (const [id, value] of Object.entries(shown?.(form) ?? {})) {
      show(Number(id), { source: value * 10 ** (registers.get(Number(id))?.decimals ?? 0) });
    }
  }
  if (code > 0) for (const id of [R.infoCode, R.infoBits]) show(id, { source: code });
  return changed;
}

function infoForm(registers: Definitions): InfoForm {
  if (registers.has(R.infoBits)) return 'x3';
  if (registers.has(R.heatEnergy)) return '601';
  return registers.get(R.infoCode)?.length === WATER_CODE_LENGTH ? 'water' : 'water-long';
}

function unknownHere(name: ConditionName, form: InfoForm): never {
  const known = Object.entries(CONDITIONS).filter(([, { bits }]) => form in bits);
  throw new Multical2MqttError(
    'usage',
    `This meter knows no condition "${name}". It knows: ${known.map(([each]) => each).join(', ')}.`,
  );
}
