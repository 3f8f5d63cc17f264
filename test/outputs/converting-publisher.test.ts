import { beforeEach, describe, expect, it } from 'vitest';
import type { MeterIdentity } from '../../src/meter/publisher.ts';
import {
  ConvertingPublisher,
  type LastUnits,
  NO_UNITS,
  type PublishedUnits,
} from '../../src/outputs/converting-publisher.ts';
import { type Reading, readingText } from '../../src/readings/reading.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { CollectingPublisher } from '../support/polled-line.ts';
import {
  DIAGNOSTICS,
  FEW,
  FLOW_TEMPERATURE,
  HEAT_ENERGY,
  METER,
  reading,
  VOLUME,
} from './support/meter-readings.ts';

class UnitsInMemory implements PublishedUnits {
  readonly of = new Map<string, LastUnits>();
  writes = 0;

  recall(serialNumber: string): LastUnits {
    return this.of.get(serialNumber) ?? NO_UNITS;
  }

  remember(serialNumber: string, units: LastUnits): void {
    this.of.set(serialNumber, units);
    this.writes++;
  }
}

let logger: CollectingLogger;
let output: CollectingPublisher;
let memory: UnitsInMemory;

beforeEach(() => {
  logger = new CollectingLogger();
  output = new CollectingPublisher();
  memory = new UnitsInMemory();
});

/** One run of the bridge with these units. */
const run = (units: Readonly<Record<string, string>>): ConvertingPublisher =>
  new ConvertingPublisher(output, units, memory, logger);
const published = (): readonly Reading[] => output.readings.at(-1)?.latest ?? [];
const warnings = (): readonly string[] => logger.said('warn');

describe('what is published', () => {
  it('is in the wanted units, fresh and latest, and in the meter’s own otherwise', () => {
    run({ heat_energy: 'kWh', volume: 'l' }).readingTaken(METER, [HEAT_ENERGY], FEW);
    expect(output.readings.at(-1)?.fresh.map(readingText)).toEqual(['63179.2 kWh']);
    expect(published().map(readingText)).toEqual(['63179.2 kWh', '4127100 l', '65.20 °C', '2026-01-15']);
    expect(warnings()).toEqual([]);
  });

  it('stays as it is where it is in the wanted unit already', () => {
    run({ heat_energy: 'GJ' }).readingTaken(METER, [], [HEAT_ENERGY]);
    expect(published()).toEqual([HEAT_ENERGY]);
    expect(warnings()).toEqual([]);
  });

  it('stays as it is where it cannot be converted, and the key is named once', () => {
    const converting = run({ flow_temperature: 'kWh', max_power_year_date: 'l' });
    converting.readingTaken(METER, FEW, FEW);
    converting.readingTaken(METER, FEW, FEW);
    expect(published()).toEqual(FEW);
    expect(warnings()).toEqual([
      'Fjernvarme Kælder: units.flow_temperature cannot be kWh, because the meter gives it in °C; it stays so',
      'Fjernvarme Kælder: units.max_power_year_date cannot be l, because the meter gives it without a unit; it stays so',
    ]);
  });
});

describe('a unit that changed since the last run', () => {
  it('is warned about once, when it is converted and when it is no longer', () => {
    run({}).readingTaken(METER, [], FEW);
    expect(warnings()).toEqual([]);
    const converting = run({ heat_energy: 'kWh' });
    converting.readingTaken(METER, [], FEW);
    converting.readingTaken(METER, [], FEW);
    expect(warnings()).toEqual([
      expect.stringMatching(/^Fjernvarme Kælder: heat_energy is published in kWh from now on, and was in GJ/),
    ]);
    run({ heat_energy: 'kWh' }).readingTaken(METER, [], FEW);
    expect(warnings()).toHaveLength(1);
    run({}).readingTaken(METER, [], FEW);
    expect(warnings()).toHaveLength(2);
    expect(warnings()[1]).toContain('in GJ from now on, and was in kWh');
  });

  const PRICE = 'gas source of the Energy dashboard';
  const changed = (from: string, to: string, meter: MeterIdentity = METER): string | undefined => {
    for (const heat_energy of [from, to]) run({ heat_energy }).readingTaken(meter, [], [HEAT_ENERGY]);
    return warnings().at(-1);
  };

  it.each([
    ['GJ', 'kWh', '0.0036', '277.78'],
    ['kWh', 'GJ', '277.78', '0.0036'],
    ['MWh', 'Gcal', '1.163', '0.85985'],
    ['MWh', 'kWh', '0.001', '1000'],
  ])('of energy from %s to %s: a fixed price for it is to be multiplied by %s', (from, to, price, cost) => {
    expect(changed(from, to)).toMatch(
      new RegExp(
        `${PRICE} with a fixed price: that is now a price per ${to}. Multiply it by ${price}, or the costs will be ${cost} times what they were. .* a unit such as EUR/${from}: such a price is converted.$`,
      ),
    );
  });

  it('says nothing of a price where Home Assistant converts it, or where there is none', () => {
    expect(changed('GJ', 'kWh', { ...METER, kind: 'electricity' })).not.toContain(PRICE);
    for (const volume of ['m³', 'l']) run({ volume }).readingTaken(METER, [], [VOLUME]);
    expect(warnings().at(-1)).toContain('volume is published in l from now on');
    expect(warnings().at(-1)).not.toContain(PRICE);
  });

  it('is written down once, and quantities without a unit are not', () => {
    const converting = run({ heat_energy: 'kWh' });
    converting.readingTaken(METER, [], FEW);
    converting.readingTaken(METER, [], [HEAT_ENERGY, VOLUME]);
    expect(memory.writes).toBe(1);
    expect(memory.of.get(METER.serialNumber)).toEqual({
      published: { heat_energy: 'kWh', volume: 'm³', flow_temperature: FLOW_TEMPERATURE.unit },
      own: { volume: 'm³', flow_temperature: FLOW_TEMPERATURE.unit },
    });
  });
});

describe('a unit that the meter itself changes', () => {
  const IN_MWH = reading({ id: 60, unit: 3, integer: 63_179n, signExponent: 0x43 });
  const IN_LITRES = reading({ id: 68, unit: 39, integer: 4_127_110n });
  const OTHERWISE = [IN_MWH, IN_LITRES, FLOW_TEMPERATURE];
  const OTHER = { ...METER, serialNumber: '7777777' };
  const texts = (): readonly string[] => published().map(readingText);

  it('is not published: nothing jumps, now and after restarts, and it is told once', () => {
    const converting = run({});
    converting.readingTaken(METER, [], FEW);
    converting.readingTaken(METER, OTHERWISE, OTHERWISE);
    converting.readingTaken(METER, OTHERWISE, OTHERWISE);
    run({}).readingTaken(METER, [], OTHERWISE);
    expect(texts()).toEqual(['227.4444 GJ', '4127.110 m³', '65.20 °C']);
    expect(warnings()).toEqual([
      'Fjernvarme Kælder: the meter gives other units than before: heat_energy (in MWh, published in GJ), volume (in l, published in m³). What is published stays in its unit, so that no history jumps. To have the meter\'s, write into its configuration "units": {"heat_energy":"MWh","volume":"l"}.',
    ]);
    converting.readingTaken(METER, FEW, FEW);
    expect(texts()).toEqual(FEW.map(readingText));
    expect(warnings()).toHaveLength(1);
  });

  it('is published where the user asks for it, and where it cannot be converted', () => {
    run({}).readingTaken(METER, [], FEW);
    run({ heat_energy: 'MWh' }).readingTaken(METER, [], OTHERWISE);
    expect(texts()[0]).toBe('63.179 MWh');
    const inTens = reading({ id: 60, unit: 57, integer: 2_274n, signExponent: 0x42 });
    run({}).readingTaken(METER, [], [inTens]);
    expect(texts()).toEqual(['22.74 GJ x10']);
    expect(warnings().at(-1)).toMatch(/heat_energy is published in GJ x10 from now on, and was in MWh/);
  });

  it('stays with the user’s, and is the meter’s own once the user wants none', () => {
    const converting = run({ heat_energy: 'kWh' });
    converting.readingTaken(METER, [], FEW);
    converting.readingTaken(METER, [], OTHERWISE);
    expect(texts()[0]).toBe('63179 kWh');
    run({}).readingTaken(METER, [], OTHERWISE);
    expect(texts()[0]).toBe('63.179 MWh');
  });

  it('is the one that an earlier version published, as far as nobody knows better', () => {
    memory.of.set(METER.serialNumber, { published: { heat_energy: 'kWh', volume: 'm³' }, own: {} });
    run({}).readingTaken(METER, [], FEW);
    expect(texts()[0]).toBe('227.445 GJ');
  });

  it('is that of the meter before where another one takes its place', () => {
    const converting = run({ volume: 'l' });
    converting.readingTaken(METER, [], FEW);
    converting.readingTaken(OTHER, OTHERWISE, OTHERWISE);
    expect(texts()).toEqual(['227.4444 GJ', '4127110 l', '65.20 °C']);
    expect(warnings()).toHaveLength(1);
    run({ volume: 'l' }).readingTaken(OTHER, [], OTHERWISE);
    expect(texts()[0]).toBe('227.4444 GJ');
    expect(warnings()).toHaveLength(1);
  });

  it('is its own where a meter comes that was known before', () => {
    run({}).readingTaken(OTHER, [], OTHERWISE);
    const converting = run({});
    converting.readingTaken(METER, [], FEW);
    converting.readingTaken(OTHER, [], OTHERWISE);
    expect(texts()).toEqual(OTHERWISE.map(readingText));
    expect(warnings()).toEqual([]);
  });
});

it('everything else is handed on', () => {
  const converting = run({});
  converting.meterIdentified(METER);
  converting.availabilityChanged(METER, false);
  converting.diagnosticsChanged(METER, DIAGNOSTICS);
  converting.meterForgotten(METER.serialNumber);
  expect(output.identified).toEqual([METER]);
  expect(output.availability).toEqual([{ serialNumber: METER.serialNumber, online: false }]);
  expect(output.diagnostics).toEqual([DIAGNOSTICS]);
});
