import { Big } from 'big.js';
import { DERIVED_QUANTITY_NAMES, derivedQuantity } from '../../src/catalogue/derived-quantities.ts';
import { PROFILES } from '../../src/catalogue/families.ts';
import { METER_MODEL_NAMES, type MeterKind } from '../../src/catalogue/family.ts';
import type { Traits } from '../../src/catalogue/register.ts';
import { ELECTRICITY_REGISTER_IDS, HEAT_REGISTER_IDS, registerInfo } from '../../src/catalogue/registers.ts';
import { unitSymbol } from '../../src/catalogue/units.ts';
import { TEMPLATES } from '../../src/outputs/home-assistant/discovery.ts';
import { quantityComponent } from '../../src/outputs/home-assistant/quantity-entity.ts';
import type { Reading, ReadingValue } from '../../src/readings/reading.ts';
import { MODELS } from '../../src/simulator/models/models.ts';
import { code, type DocsTable, grouped } from './markdown.ts';

const KINDS: readonly MeterKind[] = ['heat', 'water', 'electricity'];

/** Registers of the simulated meters of a kind, with every unit that one of them has. */
const UNITS = new Map(KINDS.map((kind) => [kind, unitsOf(kind)] as const));

function unitsOf(kind: MeterKind): ReadonlyMap<number, readonly string[]> {
  const units = new Map<number, string[]>();
  for (const [name, { registers }] of Object.entries(MODELS)) {
    // `403-mwh` is a 403.
    const family = METER_MODEL_NAMES.find((model) => model === name) ?? name.split('-')[0];
    if (METER_MODEL_NAMES.every((model) => model !== family || PROFILES[model].kind !== kind)) continue;
    for (const [id, unit] of registers) {
      const symbol = unitSymbol(unit) || (registerInfo(id).traits.countsIn ?? '');
      const known = units.get(id) ?? [];
      units.set(id, known);
      if (!known.includes(symbol)) known.push(symbol);
    }
  }
  return units;
}

/** A quantity as Home Assistant gets it from a meter of a kind. */
interface Told {
  readonly quantity: string;
  readonly register: number | null;
  readonly units: readonly string[];
  readonly deviceClass: string;
  readonly stateClass: string;
  readonly enabled: boolean;
}

function told(kind: MeterKind): readonly Told[] {
  const ids = kind === 'electricity' ? ELECTRICITY_REGISTER_IDS : HEAT_REGISTER_IDS;
  const units = UNITS.get(kind) ?? new Map<number, readonly string[]>();
  const has = (id: number): boolean => ids.includes(id) && units.has(id);
  const registers = ids
    .filter(has)
    .map((id) => toldOf({ ...registerInfo(id), register: id }, units.get(id) ?? [], kind));
  const derived = DERIVED_QUANTITY_NAMES.map(derivedQuantity).flatMap((each) => {
    const set = each?.from.find((one) => one.every(has));
    if (each === undefined || set === undefined || each.nature === 'problem') return [];
    // The info code of other meters has no durations in it.
    if (each.nature === 'duration' && kind !== 'water') return [];
    return [
      toldOf(
        { ...each, register: null },
        derivedUnits(each.nature, each.traits, units.get(set[0] ?? 0) ?? []),
        kind,
      ),
    ];
  });
  return [...registers, ...derived];
}

type Named = Pick<Reading, 'quantity' | 'label' | 'nature' | 'register'> & { readonly traits: Traits };

function derivedUnits(
  nature: Reading['nature'],
  { measure, repeats }: Traits,
  base: readonly string[],
): readonly string[] {
  if (nature === 'mean') return [measure === 'difference' ? 'K' : '°C'];
  if (nature === 'duration') return ['h'];
  if (nature === 'drift') return ['s'];
  if (nature === 'message' || nature === 'clock') return [''];
  if (measure === 'gas') return ['m³'];
  return repeats === undefined ? base : ['kWh'];
}

function toldOf(
  { quantity, label, nature, register, traits }: Named,
  units: readonly string[],
  kind: MeterKind,
): Told {
  const entities = units.map((unit) =>
    quantityComponent(
      { quantity, label, nature, register, unit, readAt: 0, value: emptyValue(nature) },
      { deviceId: '', name: '', slug: '', stateTopic: '', templates: TEMPLATES.device, language: 'en', kind },
    ),
  );
  const all = (texts: readonly (string | undefined)[]): string =>
    [...new Set(texts.filter((text) => text !== undefined))].join(', ');
  return {
    quantity,
    register,
    units: units.filter((unit) => isPublicUnit(unit)),
    deviceClass: all(entities.map((entity) => entity.device_class)),
    stateClass: all(entities.map((entity) => entity.state_class)),
    enabled: traits.shown === true,
  };
}

function emptyValue(nature: Reading['nature']): ReadingValue {
  switch (nature) {
    case 'date':
      return { kind: 'date', value: null };
    case 'clock':
      return { kind: 'timestamp', value: null };
    case 'message':
    case 'identity':
      return { kind: 'text', value: '' };
    default:
      return { kind: 'number', value: new Big(0), decimals: 0 };
  }
}

/** Neither how a register is coded nor one of a meter for a whole town. */
function isPublicUnit(unit: string): boolean {
  return unit !== '' && unit !== 'bit field' && !unit.endsWith(' x10');
}

function quantityTable(kind: MeterKind): DocsTable {
  const shown = told(kind).filter(({ enabled }) => enabled);
  const rows = grouped(shown, ({ units, deviceClass, stateClass }) =>
    JSON.stringify([units, deviceClass, stateClass]),
  );
  return {
    name: `quantities of ${kind} meters`,
    header: ['quantity (register)', 'unit', 'device class', 'state class'],
    rows: rows.map((same) => [
      same
        .map(({ quantity, register }) =>
          register === null ? code(quantity) : `${code(quantity)} (${register})`,
        )
        .join(', '),
      same[0].units.join(', '),
      same[0].deviceClass,
      same[0].stateClass,
    ]),
  };
}

export const QUANTITY_TABLES: readonly DocsTable[] = KINDS.map(quantityTable);
