import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DERIVED_QUANTITY_NAMES, derivedQuantity } from '../../src/catalogue/derived-quantities.ts';
import { ELECTRICITY_REGISTERS } from '../../src/catalogue/electricity-registers.ts';
import { HEAT_REGISTERS } from '../../src/catalogue/heat-registers.ts';
import { QUANTITY_NAMES, traitsOf } from '../../src/catalogue/quantities.ts';
import {
  COOLING_ENERGY,
  HEAT_ENERGY,
  R,
  type ReadingNature,
  TEMPERATURE_VOLUMES,
  type Traits,
  VOLUME,
} from '../../src/catalogue/register.ts';
import { registerInfo } from '../../src/catalogue/registers.ts';
import { unitSymbol } from '../../src/catalogue/units.ts';
import { deviceValue } from '../../src/outputs/domoticz/device-value.ts';
import { type EntityNaming, TEMPLATES } from '../../src/outputs/home-assistant/discovery.ts';
import { quantityComponent } from '../../src/outputs/home-assistant/quantity-entity.ts';
import { fieldOf, fieldType } from '../../src/outputs/influxdb/line-protocol.ts';
import { quantityMetric } from '../../src/outputs/prometheus/quantity-metric.ts';
import type { Reading } from '../../src/readings/reading.ts';
import { number } from '../readings/support/readings.ts';

interface Row {
  readonly register: number | null;
  readonly quantity: string;
  readonly label: string;
  readonly nature: ReadingNature;
  readonly traits: Traits;
}

const REGISTERS: readonly Row[] = [...HEAT_REGISTERS, ...ELECTRICITY_REGISTERS].map(([id]) => ({
  ...registerInfo(id),
  register: id,
}));
const DERIVED: readonly Row[] = DERIVED_QUANTITY_NAMES.flatMap((name) => derivedQuantity(name) ?? []).map(
  (row) => ({ ...row, register: null }),
);
const ROWS = [...REGISTERS, ...DERIVED];
/** One of each kind of number; a total comes in any of them. */
const UNITS = ['', 'GJ', 'kWh', 'kvarh', 'm³', 'l/h', 'kW', '°C', 'K', 'h', '%', 'GJ x10', unitSymbol(75)];

const NAMING: EntityNaming = {
  deviceId: 'id',
  name: 'Meter',
  slug: 'meter',
  stateTopic: 'topic',
  templates: TEMPLATES.device,
  kind: 'heat',
  language: 'en',
};

function namesOf(rows: readonly Row[], isLacking: (row: Row) => boolean): string[] {
  return rows.filter(isLacking).map(({ quantity }) => quantity);
}

function reading(row: Row, unit: string, text = '2'): Reading {
  return { ...row, unit, readAt: 0, value: number(text) };
}

describe('every row', () => {
  it('has traits that are found by its public name', () => {
    expect(ROWS.map(({ quantity }) => quantity).toSorted()).toEqual(QUANTITY_NAMES.toSorted());
    for (const { quantity, traits } of ROWS) expect(traitsOf(quantity)).toBe(traits);
  });

  it('says what it holds, where InfluxDB keeps one type for ever and its nature leaves it open', () => {
    const open = namesOf(ROWS, ({ nature, traits }) => /^(setting|info)$/.test(nature) && !traits.content);
    expect(open).toEqual([]);
  });

  it('is shown where it belongs on the line of a reading', () => {
    const glances = ROWS.filter(({ traits }) => traits.glance !== undefined);
    expect(glances.length).toBeGreaterThan(10);
    expect(namesOf(glances, ({ traits }) => traits.shown !== true)).toEqual([]);
  });

  it('is whole where it counts hours, events or periods, and no amount', () => {
    const counts = ROWS.filter(
      ({ label, nature }) =>
        /total/.test(nature) && /\b(hours|events|changes|periods|counter|number of)\b/i.test(label),
    );
    expect(counts.length).toBeGreaterThan(4);
    expect(namesOf(counts, ({ traits }) => traits.content !== 'whole')).toEqual([]);
  });

  it('has a date only as a setting: other dates have a nature', () => {
    const dates = ROWS.filter(({ traits }) => traits.content === 'date');
    expect(namesOf(dates, ({ nature }) => nature !== 'setting')).toEqual([]);
  });

  it('says which parts of the meter it needs, if it is measured now by a heat meter', () => {
    const live = HEAT_REGISTERS.map(([id]) => registerInfo(id)).filter(({ nature }) => nature === 'live');
    expect(live.filter(({ traits }) => traits.dependsOn === undefined)).toEqual([]);
  });

  it.each([
    [/^mean_(flow|return)_temperature_/, 'mean'],
    [/^mean_temperature_3_/, 'mean'],
    [/^(flow|return)_temperature(_1_decimal|_integration)?$/, 'temperature'],
    [/^temperature_difference/, 'result'],
    [/^flow(_2)?$/, 'flow'],
  ] as const)('that matches %s depends on a sensor as %s', (pattern, wanted) => {
    const rows = REGISTERS.filter(({ quantity }) => pattern.test(quantity));
    expect(rows.length).toBeGreaterThan(1);
    const lacking = namesOf(rows, ({ traits }) => !traits.dependsOn?.some(([, tie]) => tie === wanted));
    expect(lacking).toEqual([]);
  });

  it('is a difference, a power factor or gas where its label says so', () => {
    const said = (pattern: RegExp) => ROWS.filter(({ label }) => pattern.test(label));
    expect(
      namesOf(said(/^(temperature difference|mean cooling)/i), (row) => row.traits.measure !== 'difference'),
    ).toEqual([]);
    expect(namesOf(said(/power factor/i), (row) => row.traits.measure !== 'power-factor')).toEqual([]);
    expect(namesOf(said(/^gas/i), (row) => row.traits.measure !== 'gas')).toEqual([]);
  });

  it('names the power beside it, if it is an active energy that goes one way', () => {
    const active = ROWS.filter(
      ({ quantity, traits }) => quantity.startsWith('active_energy') && traits.measure !== 'balance',
    );
    expect(active.length).toBeGreaterThan(10);
    expect(namesOf(active, ({ traits }) => traits.power === undefined)).toEqual([]);
  });

  it('names only quantities and registers that there are', () => {
    const powers = REGISTERS.filter(({ nature }) => nature === 'live').map(({ quantity }) => quantity);
    for (const { traits } of ROWS) {
      if (traits.power !== undefined) expect(powers).toContain(traits.power);
      if (traits.repeats !== undefined) expect(QUANTITY_NAMES).toContain(traits.repeats);
      if (traits.highResolution !== undefined)
        expect(registerInfo(traits.highResolution).nature).toBe('fine');
    }
  });

  it('is always asked for, if others are made of it or it counts them finer', () => {
    const made = [HEAT_ENERGY.total, VOLUME.total, ...TEMPERATURE_VOLUMES, R.infoCode, R.infoBits];
    const finer = [HEAT_ENERGY, COOLING_ENERGY, VOLUME].flatMap(({ fine }) => fine);
    const lacking = [...made, ...finer].filter((id) => !registerInfo(id).traits.alwaysAsked);
    expect(lacking).toEqual([]);
  });

  it('tells of a problem in a label that can be read alone, and is shown if somebody has to act at once', () => {
    const problems = DERIVED.filter(({ nature }) => nature === 'problem');
    expect(namesOf(problems, ({ traits }) => traits.shown === true)).toEqual([
      'problem',
      'problem_leakage',
      'problem_burst',
    ]);
    // A part of the meter is no problem.
    expect(namesOf(problems, ({ label }) => /(sensor( T3)?|supply)$/i.test(label))).toEqual(['problem_air']);
  });
});

/** What a name of Prometheus must not hold before its end: units, also in short, and kinds of metric. */
const RESERVED =
  /(^|_)(hours|hour|seconds|minutes|bits|bytes|b|a|l|m|s|v|w|joules|watts|celsius|kelvin|counter|total|gauge|histogram|summary)$/;
/** Periods, which say when, and not in what. */
const PERIODS = /_(day|month|year|hour)$/;

describe('every output', () => {
  it('InfluxDB: keeps each quantity in the type of its field, whichever way a meter writes it', () => {
    for (const row of ROWS) {
      const field = fieldOf(reading(row, ''));
      const wanted = { float: '2', integer: '2i', text: '"2"', flag: undefined }[fieldType(row)];
      expect([row.quantity, field?.[1]]).toEqual([row.quantity, wanted]);
      // An amount that one meter splits must be let through.
      if (fieldType(row) === 'float') expect(fieldOf(reading(row, '', '2.5'))?.[1]).toBe('2.5');
    }
  });

  it('Prometheus: has a name without a unit or a kind of metric in front of those that it adds', () => {
    const metrics = ROWS.flatMap((row) => quantityMetric(reading(row, ''))?.metric ?? []);
    expect(metrics.length).toBeGreaterThan(200);
    const names = metrics.map((metric) => metric.replace(/_total$/, ''));
    expect(names.filter((name) => RESERVED.test(name) && !PERIODS.test(name))).toEqual([]);
  });

  it('Prometheus: has no second metric of the same amount', () => {
    const repeating = ROWS.filter(({ traits }) => traits.repeats !== undefined);
    expect(repeating.flatMap((row) => quantityMetric(reading(row, 'kWh')) ?? [])).toEqual([]);
    expect(repeating.length).toBeGreaterThan(0);
  });

  it('Home Assistant: shows what a household wants to see, and keeps the rest a click away', () => {
    for (const row of ROWS) {
      const { enabled_by_default: enabled } = quantityComponent(reading(row, ''), NAMING);
      expect([row.quantity, enabled]).toEqual([row.quantity, row.traits.shown ? undefined : false]);
    }
  });

  it('Home Assistant: takes what may go down for no counter that begins anew', () => {
    const stateClasses = ({ quantity }: Row): readonly (string | undefined)[] =>
      ROWS.filter((row) => row.quantity === quantity).flatMap((row) =>
        UNITS.map((unit) => quantityComponent(reading(row, unit), NAMING).state_class),
      );
    const mayFall = ROWS.filter(
      ({ label, nature, traits }) =>
        traits.measure === 'balance' || (/total$/.test(nature) && /\b(net|A1234|difference)\b/i.test(label)),
    );
    expect(mayFall.map(({ quantity }) => quantity)).toEqual(['active_energy_net']);
    for (const row of mayFall) {
      expect(stateClasses(row)).toContain('total');
      expect(stateClasses(row)).not.toContain('total_increasing');
    }
    // What wraps has no class at all: each wrap would be taken for use.
    const wrapping = ROWS.filter(({ nature }) => nature === 'fine');
    for (const row of wrapping) expect(new Set(stateClasses(row))).toEqual(new Set([undefined]));
  });

  it('Domoticz: has a power for every energy, or says which one is missing', () => {
    for (const row of ROWS) {
      const device = { meter: null, quantity: row.quantity, index: 1, type: 'kwh' } as const;
      const powers = ['power', row.traits.power ?? 'power']
        .filter((quantity) => quantity !== row.quantity)
        .map((quantity): Reading => reading({ ...row, quantity }, 'kW'));
      const energy = reading(row, 'kWh');
      const told = deviceValue(device, [...powers, energy], []);
      if (row.quantity !== 'power') expect(told).toEqual({ kind: 'value', svalue: '2000;2000' });
    }
  });

  it('takes any number of any quantity in any unit', () => {
    for (const row of ROWS)
      for (const unit of UNITS) {
        const each = reading(row, unit);
        const metric = quantityMetric(each);
        expect(metric?.metric ?? 'multical_none').toMatch(/^multical_[a-z0-9_]+$/);
      }
  });
});

describe('outside the catalogue', () => {
  const source = new URL('../../src/', import.meta.url);
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !/^(catalogue|simulator.models)\b/.test(file),
  );
  /** Words that mean something else as well: to Home Assistant, to the protocol, as an option of the add-on. */
  const COMMON =
    /^(power|flow|volume|mass|date|clock|date_time|power_factor|serial_number|meter_type|info|problem|gas_equivalent)$/;
  const names = QUANTITY_NAMES.filter((name) => !COMMON.test(name));

  it('a quantity is named where it is made, and nowhere else', () => {
    const made = new Set(DERIVED_QUANTITY_NAMES);
    const naming = files.flatMap((file) => {
      const text = readFileSync(new URL(file, source), 'utf8');
      const makes = file.startsWith('readings');
      return names
        .filter((name) => !(makes && made.has(name)) && text.includes(`'${name}'`))
        .map((name) => `${file}: ${name}`);
    });
    expect(naming).toEqual([]);
  });

  it('R has no register under another name than its quantity', () => {
    for (const [name, id] of Object.entries(R)) {
      const words = registerInfo(id).quantity.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
      expect(words).toBe(name);
    }
  });
});
