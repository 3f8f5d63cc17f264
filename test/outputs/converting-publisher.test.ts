import { beforeEach, describe, expect, it } from 'vitest';
import { ConvertingPublisher, type PublishedUnits } from '../../src/outputs/converting-publisher.ts';
import { type Reading, readingText } from '../../src/readings/reading.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { CollectingPublisher } from '../support/polled-line.ts';
import { DIAGNOSTICS, FEW, FLOW_TEMPERATURE, HEAT_ENERGY, METER, VOLUME } from './support/meter-readings.ts';

class UnitsInMemory implements PublishedUnits {
  readonly of = new Map<string, Readonly<Record<string, string>>>();
  writes = 0;

  recall(serialNumber: string): Readonly<Record<string, string>> {
    return this.of.get(serialNumber) ?? {};
  }

  remember(serialNumber: string, units: Readonly<Record<string, string>>): void {
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

  it('is written down once, and quantities without a unit are not', () => {
    const converting = run({ heat_energy: 'kWh' });
    converting.readingTaken(METER, [], FEW);
    converting.readingTaken(METER, [], [HEAT_ENERGY, VOLUME]);
    expect(memory.writes).toBe(1);
    expect(memory.of.get(METER.serialNumber)).toEqual({
      heat_energy: 'kWh',
      volume: 'm³',
      flow_temperature: FLOW_TEMPERATURE.unit,
    });
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
