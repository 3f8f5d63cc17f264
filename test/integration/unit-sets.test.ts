import { expect, it } from 'vitest';
import type { RegisterDefinition } from '../../src/simulator/models/meter-model.ts';
import { MODELS, type ModelName } from '../../src/simulator/models/models.ts';
import { expectAccepted } from '../outputs/home-assistant/support/expect-accepted.ts';
import { runCli } from '../support/run-cli.ts';
import { servedMeter } from '../support/served-meter.ts';
import { EveryOutput } from './support/every-output.ts';

/** A register: unit code, decimals, and its digits. */
type Written = readonly [unit: number, decimals: number, digits: number];

type Row = readonly [
  register: number,
  written: Written,
  quantity: string,
  /** As every output that has text shows it. */
  value: string,
  /** As Home Assistant spells it, with the class that it must have. */
  entity: readonly [unit: string, deviceClass: string],
  /** In Prometheus' unit. */
  metric: string,
  /** What a device of that type in Domoticz gets. */
  domoticz: readonly [type: string, value: string],
];

const [KWH, MWH, MJ, GJ, KW, C, K, M3, LH, M3H] = [2, 3, 7, 8, 22, 37, 38, 40, 41, 42] as const;
const W = ['kWh', 'energy'] as const;
const M = ['MWh', 'energy'] as const;
const J = ['MJ', 'energy'] as const;
const G = ['GJ', 'energy'] as const;
const P = ['kW', 'power'] as const;
const V = ['m³', 'volume'] as const;
const L = ['L/h', 'volume_flow_rate'] as const;
const F = ['m³/h', 'volume_flow_rate'] as const;
const T = ['°C', 'temperature'] as const;
const D = ['K', 'temperature_delta'] as const;

interface UnitSet {
  readonly model: ModelName;
  readonly serial?: number;
  /** Registers that would contradict the others. */
  readonly zero?: readonly number[];
  readonly rows: readonly Row[];
}

const temperatures = (flow: number, back: number): readonly Row[] =>
  (
    [
      [86, 'flow_temperature', flow],
      [87, 'return_temperature', back],
    ] as const
  ).map(([register, quantity, digits]): Row => {
    const text = (digits / 100).toFixed(2);
    return [register, [C, 2, digits], quantity, text, T, `celsius ${Number(text)}`, ['value', text]];
  });

// biome-ignore format: a table reads best in rows
/** Units and decimals that owners posted of their meters. */
const SETS: Readonly<Record<string, UnitSet>> = {
  '303 in kWh': { model: '303', rows: [
    [60, [KWH, 0, 12_345], 'heat_energy', '12345', W, 'joules_total 44442000000', ['counter', '12345000']],
    [68, [M3, 2, 67_890], 'volume', '678.90', V, 'cubic_meters_total 678.9', ['counter', '678900']],
    [74, [LH, 0, 360], 'flow', '360', L, 'cubic_meters_per_second 0.0001', ['waterflow', '6']],
    [80, [KW, 1, 45], 'power', '4.5', P, 'watts 4500', ['usage', '4500']],
    [89, [K, 2, 2_760], 'temperature_difference', '27.60', D, 'kelvin 27.6', ['value', '27.60']],
    ...temperatures(6_162, 3_402),
  ] },
  '303 in tenths of kWh': { model: '303', serial: 83_010_304, rows: [
    [60, [KWH, 1, 123_456], 'heat_energy', '12345.6', W, 'joules_total 44444160000', ['counter', '12345600']],
    [68, [M3, 3, 678_901], 'volume', '678.901', V, 'cubic_meters_total 678.901', ['counter', '678901']],
  ] },
  '603 of a block of flats': { model: '603', rows: [
    [60, [MWH, 1, 12_345], 'heat_energy', '1234.5', M, 'joules_total 4444200000000', ['counter', '1234500000']],
    [68, [M3, 0, 56_789], 'volume', '56789', V, 'cubic_meters_total 56789', ['counter', '56789000']],
    [74, [M3H, 2, 360], 'flow', '3.60', F, 'cubic_meters_per_second 0.001', ['waterflow', '60']],
    [80, [KW, 0, 560], 'power', '560', P, 'watts 560000', ['usage', '560000']],
  ] },
  '603 in GJ': { model: '603', serial: 80_603_002, rows: [
    [60, [GJ, 0, 4_567], 'heat_energy', '4567', G, 'joules_total 4567000000000', ['counter', '1268611111']],
    [68, [M3, 0, 56_790], 'volume', '56790', V, 'cubic_meters_total 56790', ['counter', '56790000']],
  ] },
  '302 in MJ': { model: '302', rows: [
    [60, [MJ, 0, 84_817], 'heat_energy', '84817', J, 'joules_total 84817000000', ['counter', '23560278']],
    [68, [M3, 2, 52_041], 'volume', '520.41', V, 'cubic_meters_total 520.41', ['counter', '520410']],
  ] },
  '403 that cools': { model: '403', zero: [266], rows: [
    [60, [GJ, 3, 0], 'heat_energy', '0.000', G, 'joules_total 0', ['counter', '0']],
    [63, [GJ, 3, 12_345], 'cooling_energy', '12.345', G, 'joules_total 12345000000', ['counter', '3429167']],
    [68, [M3, 2, 67_891], 'volume', '678.91', V, 'cubic_meters_total 678.91', ['counter', '678910']],
    [80, [KW, 1, -35], 'power', '-3.5', P, 'watts -3500', ['usage', '-3500']],
    [89, [K, 2, -565], 'temperature_difference', '-5.65', D, 'kelvin -5.65', ['value', '-5.65']],
    ...temperatures(720, 1_285),
  ] },
  '403 of golles/ha-kamstrup_403#257': { model: '403-long', rows: [
    [60, [GJ, 3, 84_817], 'heat_energy', '84.817', G, 'joules_total 84817000000', ['counter', '23560278']],
    [68, [M3, 2, 52_041], 'volume', '520.41', V, 'cubic_meters_total 520.41', ['counter', '520410']],
    [74, [LH, 0, 267], 'flow', '267', L, 'cubic_meters_per_second 0.00007416666666666666', ['waterflow', '4.45']],
    [80, [KW, 1, 155], 'power', '15.5', P, 'watts 15500', ['usage', '15500']],
    ...temperatures(7_685, 2_526),
  ] },
  '403 of gemu2015/Sonoff-Tasmota#38': { model: '403-mwh', rows: [
    [60, [MWH, 3, 55_006], 'heat_energy', '55.006', M, 'joules_total 198021600000', ['counter', '55006000']],
    [68, [M3, 2, 187_556], 'volume', '1875.56', V, 'cubic_meters_total 1875.56', ['counter', '1875560']],
    [74, [LH, 0, 0], 'flow', '0', L, 'cubic_meters_per_second 0', ['waterflow', '0']],
    [80, [KW, 1, 0], 'power', '0.0', P, 'watts 0', ['usage', '0']],
    [89, [K, 2, 786], 'temperature_difference', '7.86', D, 'kelvin 7.86', ['value', '7.86']],
    ...temperatures(5_365, 4_579),
  ] },
  '403 of gertvdijk/PyKMP': { model: '403', serial: 71_000_403, rows: [
    [60, [GJ, 3, 303], 'heat_energy', '0.303', G, 'joules_total 303000000', ['counter', '84167']],
    [68, [M3, 3, 11_388], 'volume', '11.388', V, 'cubic_meters_total 11.388', ['counter', '11388']],
  ] },
  '402 of cenobitedk/esphome_multical402#8': { model: '402-mwh', rows: [
    [60, [MWH, 3, 28_316], 'heat_energy', '28.316', M, 'joules_total 101937600000', ['counter', '28316000']],
    [68, [M3, 2, 203_201], 'volume', '2032.01', V, 'cubic_meters_total 2032.01', ['counter', '2032010']],
    [89, [K, 2, 82], 'temperature_difference', '0.82', D, 'kelvin 0.82', ['value', '0.82']],
    ...temperatures(4_462, 4_536),
  ] },
  '601 of openenergymonitor': { model: '601', rows: [
    [60, [MWH, 2, 10_247], 'heat_energy', '102.47', M, 'joules_total 368892000000', ['counter', '102470000']],
    [68, [M3, 2, 120_896], 'volume', '1208.96', V, 'cubic_meters_total 1208.96', ['counter', '1208960']],
  ] },
  '21 of sonoffusers': { model: '21', rows: [
    [68, [M3, 3, 831_403], 'volume', '831.403', ['m³', 'water'], 'cubic_meters_total 831.403', ['counter', '831403']],
    [74, [LH, 0, 0], 'flow', '0', L, 'cubic_meters_per_second 0', ['waterflow', '0']],
    [243, [M3, 3, 0], 'reverse_volume', '0.000', V, 'cubic_meters_total 0', ['counter', '0']],
    [292, [C, 0, 20], 'water_temperature', '20', T, 'celsius 20', ['value', '20']],
    [299, [C, 0, 21], 'meter_temperature', '21', T, 'celsius 21', ['value', '21']],
  ] },
};

function serialOf({ model, serial = MODELS[model].serialNumber }: UnitSet): number {
  return serial;
}

function lengthOf(model: ModelName, register: number): number {
  return MODELS[model].registers.find(([id]) => id === register)?.[2] ?? 4;
}

/** What is now is shown with no more than can be looked at. */
const MOST_DIGITS: Readonly<Record<string, number>> = { '°C': 1, K: 1, kW: 1, W: 0, 'L/h': 0 };

it('every output has each value, exact, in the right unit', async () => {
  const sets = await Promise.all(
    Object.entries(SETS).map(async ([name, set]) => {
      const { model, rows, zero = [] } = set;
      const written = rows.map(([id, [unit, decimals, source]]): [number, RegisterDefinition] => [
        id,
        { unit, decimals, source, length: Math.max(4, lengthOf(model, id)) },
      ]);
      const zeros = zero.map((id): [number, RegisterDefinition] => [
        id,
        { unit: 1, decimals: 0, source: 0, length: 4 },
      ]);
      const registers = Object.fromEntries([...written, ...zeros]);
      const served = await servedMeter({ model, serialNumber: serialOf(set), registers });
      const ids = rows.map(([id]) => String(id));
      const printed = await runCli(['read', ...ids, ...served.words], { terminal: false });
      return { name, set, ...served, printed: printed.out };
    }),
  );
  const outputs = await new EveryOutput().start();
  await outputs.run(
    sets.map(({ name, port, set: { rows } }) => ({
      name,
      port,
      devices: Object.fromEntries(rows.map(([, , quantity, , , , [type]]) => [quantity, type])),
      keys: { registers: rows.map(([id]) => id) },
    })),
  );
  for (const { set } of sets) await outputs.read(serialOf(set));

  const told = sets.map(({ name, set, printed }) => [
    name,
    set.rows.map(([id, , quantity]) => {
      const serial = serialOf(set);
      const entity = outputs.entities(serial)[quantity];
      const [, text, unit] = new RegExp(`  +(\\S+)  (\\S+) +${id}$`, 'm').exec(printed) ?? [];
      return {
        quantity,
        state: outputs.state(serial, quantity),
        entity: [entity?.unit_of_measurement, entity?.device_class],
        precision: entity?.suggested_display_precision,
        influxdb: outputs.influxdb(serial, quantity),
        csv: outputs.csv(serial, quantity),
        webhook: outputs.webhook(serial, quantity),
        prometheus: outputs.prometheus(serial, quantity),
        domoticz: outputs.domoticz(name, quantity),
        read: `${text} ${unit}`,
      };
    }),
  ]);
  const expected = sets.map(({ name, set }) => [
    name,
    set.rows.map(([, , quantity, text, entity, metric, [, domoticz]]) => {
      const unit = entity[0].replace('L', 'l');
      return {
        quantity,
        state: text,
        entity,
        precision: Math.min(text.split('.')[1]?.length ?? 0, MOST_DIGITS[entity[0]] ?? 9),
        influxdb: text,
        csv: `${text} ${unit}`,
        webhook: text,
        prometheus: metric,
        domoticz,
        read: `${text} ${unit}`,
      };
    }),
  ]);
  expect(told).toEqual(expected);
  for (const { name, set } of sets)
    for (const [key, entity] of Object.entries(outputs.entities(serialOf(set))))
      expectAccepted(`${name} ${key}`, entity);
});
