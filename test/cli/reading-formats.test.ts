import { describe, expect, it } from 'vitest';
import { READING_FORMATS, type TakenReading } from '../../src/cli/reading-formats.ts';
import type { Reading } from '../../src/readings/reading.ts';
import { localTime } from '../../src/shared/zoned-time.ts';
import { energy, NOON, number, reading } from '../readings/support/readings.ts';

const UNKNOWN = { kind: 'unknown', value: null, decimals: 2, cause: 'no sensor' } as const;
const AT = localTime(NOON);
const WHEN = AT.slice(0, 19).replace('T', ' ');

function taken(
  readings: readonly Reading[],
  model: string | null = 'MULTICAL 601',
  certainModel = model,
): TakenReading {
  const said = { certainty: 'likely', why: 'by its registers' } as const;
  const meter = { serialNumber: '6655443', model, ...said, kind: 'heat', softwareRevision: null } as const;
  return { meter, certainModel, readAt: NOON, readings };
}

const FULL = taken([energy('84.817'), reading(86, number('65.20'), '°C'), reading(99, number('0'), '')]);
const WITHOUT_FLOW_TEMPERATURE = taken([energy('84.820'), reading(99, number('16'), '')]);
const UNKNOWN_FLOW_TEMPERATURE = taken([
  energy('84.821'),
  reading(86, UNKNOWN, '°C'),
  reading(99, number('4'), ''),
]);

describe('readings one after the other', () => {
  it('are lines of a table below one header, with nothing where a value is missing', () => {
    const format = READING_FORMATS.table();
    const lines = [FULL, WITHOUT_FLOW_TEMPERATURE, UNKNOWN_FLOW_TEMPERATURE].flatMap(format);
    expect(lines).toEqual([
      'time                 serial_number  heat_energy (GJ)  flow_temperature (°C)  info_code',
      `${WHEN}        6655443            84.817                  65.20          0`,
      `${WHEN}        6655443            84.820                                16`,
      `${WHEN}        6655443            84.821                                 4`,
    ]);
  });

  it('are CSV below one header, with nothing where a value is missing', () => {
    const format = READING_FORMATS.csv();
    expect([FULL, WITHOUT_FLOW_TEMPERATURE, UNKNOWN_FLOW_TEMPERATURE].flatMap(format)).toEqual([
      'time,serial_number,heat_energy (GJ),flow_temperature (°C),info_code',
      `${AT},6655443,84.817,65.20,0`,
      `${AT},6655443,84.820,,16`,
      `${AT},6655443,84.821,,4`,
    ]);
  });

  it('get another header when a quantity, or its unit, is a new one', () => {
    const format = READING_FORMATS.csv();
    const inMegawattHours = taken([reading(60, number('23.6'), 'MWh')]);
    expect([taken([energy('84.817')]), inMegawattHours].flatMap(format)).toEqual([
      'time,serial_number,heat_energy (GJ)',
      `${AT},6655443,84.817`,
      'time,serial_number,heat_energy (GJ),heat_energy (MWh)',
      `${AT},6655443,,23.6`,
    ]);
  });

  it('are JSON objects, a line each', () => {
    const lines = [FULL, UNKNOWN_FLOW_TEMPERATURE].flatMap(READING_FORMATS.json());
    expect(lines.map((line) => JSON.parse(line).readings.flow_temperature.value)).toEqual(['65.20', null]);
  });

  it('are line protocol', () => {
    expect([FULL, UNKNOWN_FLOW_TEMPERATURE].flatMap(READING_FORMATS.influx())).toEqual([
      `multical,model=MULTICAL\\ 601,serial_number=6655443 heat_energy=84.817,flow_temperature=65.20,info_code=0i ${NOON}`,
      `multical,model=MULTICAL\\ 601,serial_number=6655443 heat_energy=84.821,info_code=4i ${NOON}`,
    ]);
  });

  it('are a line of line protocol for each reply of the meter', () => {
    const later = { ...reading(86, number('65.20'), '°C'), readAt: NOON + 1_500 };
    const lines = READING_FORMATS.influx()(taken([later, energy('84.817')], null, null));
    expect(lines).toEqual([
      `multical,serial_number=6655443 heat_energy=84.817 ${NOON}`,
      `multical,serial_number=6655443 flow_temperature=65.20 ${NOON + 1_500}`,
    ]);
  });

  it('say no time while the clock of the computer is not set', () => {
    const untimed = { ...energy('84.817'), readAt: 20_000 };
    const unset = { ...taken([untimed], null, null), readAt: 20_000 };
    expect(READING_FORMATS.influx()(unset)).toEqual(['multical,serial_number=6655443 heat_energy=84.817']);
    expect(JSON.parse(READING_FORMATS.json()(unset)[0] ?? '')).toMatchObject({ readAt: null });
    expect(READING_FORMATS.csv()(unset)).toEqual(['time,serial_number,heat_energy (GJ)', ',6655443,84.817']);
  });

  it('name no model as a tag where it may change its mind', () => {
    const line = (model: string | null, certain: string | null): string =>
      READING_FORMATS.influx()(taken([energy('1.0')], model, certain)).join();
    const rest = `serial_number=6655443 heat_energy=1.0 ${NOON}`;
    expect(line('MULTICAL 403', 'MULTICAL 403')).toBe(`multical,model=MULTICAL\\ 403,${rest}`);
    expect(line('MULTICAL 303 or 403', null)).toBe(`multical,${rest}`);
    expect(line(null, null)).toBe(`multical,${rest}`);
  });

  it('are nothing in line protocol where nothing has a value', () => {
    expect(READING_FORMATS.influx()(taken([reading(86, UNKNOWN, '°C')]))).toEqual([]);
  });
});
