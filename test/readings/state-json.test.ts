import { expect, it } from 'vitest';
import { stateJson } from '../../src/readings/reading.ts';
import {
  FLOW_TEMPERATURE,
  HEAT_ENERGY,
  PEAK_DATE,
  READ_AT,
  reading,
} from '../outputs/support/meter-readings.ts';

it('prints numbers with the meter’s own decimals, as numbers', () => {
  expect(stateJson([FLOW_TEMPERATURE, HEAT_ENERGY], READ_AT)).toMatch(
    /^\{"flow_temperature":65\.20,"heat_energy":227\.445,"read_at":"2026-01-2\dT[\d:.]+[+-]\d\d:\d\d"\}$/,
  );
});

it.each([
  ['beyond 2^53', reading({ id: 60, unit: 2, integer: 9_007_199_254_740_993n }), '9007199254740993'],
  ['beyond 2^64', reading({ id: 60, unit: 2, integer: 2n ** 100n, bytes: 16 }), String(2n ** 100n)],
  ['with an exponent', reading({ id: 60, unit: 2, integer: 12n, signExponent: 3 }), '12000'],
  ['below zero', reading({ id: 86, unit: 37, integer: 5n, signExponent: 0xc2 }), '-0.05'],
])('stays exact %s', (_case, given, number) => {
  expect(stateJson([given], READ_AT)).toContain(`{"${given.quantity}":${number},`);
});

it('prints dates, times and texts as strings, and null where there is none', () => {
  const state = JSON.parse(
    stateJson(
      [
        PEAK_DATE,
        reading({ id: 123, unit: 48, integer: 0n, bytes: 4 }),
        reading({ id: 383, unit: 47, integer: 101_500n, bytes: 4 }),
        reading({ id: 640, unit: 54, integer: 0x41_22_42n, bytes: 3 }),
        reading({ id: 158, unit: 54, integer: 0x01n, bytes: 1 }),
      ],
      READ_AT,
    ),
  );
  expect(state).toMatchObject({
    max_power_year_date: '2026-01-15',
    max_flow_year_date: null,
    max_flow_year_time: '10:15:00',
    meter_type_text: 'A"B',
    base_module: null,
  });
});

it('says when this reading was taken, whatever the clock said at earlier ones', () => {
  const fromTheFuture = { ...HEAT_ENERGY, readAt: Date.UTC(2036, 6, 18) };
  const { read_at } = JSON.parse(stateJson([fromTheFuture, FLOW_TEMPERATURE], READ_AT));
  expect(Date.parse(read_at)).toBe(READ_AT);
});
