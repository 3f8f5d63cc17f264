import { afterEach, describe, expect, it } from 'vitest';
import type { InMemoryMeterStore } from '../../src/meter/meter-store.ts';
import { topicsBelow } from '../../src/mqtt/topics.ts';
import { meterDiscovery } from '../../src/outputs/home-assistant/devices.ts';
import { stateJson } from '../../src/readings/reading.ts';
import type { ConditionName } from '../../src/simulator/conditions.ts';
import type { ModelName } from '../../src/simulator/models/models.ts';
import { PolledLine } from '../support/polled-line.ts';

let home: PolledLine;
afterEach(() => home.stop());

async function bridged(
  model: ModelName,
  conditions: readonly ConditionName[] = [],
  memory?: InMemoryMeterStore,
): Promise<void> {
  home = new PolledLine({ meters: [{ model, conditions }], ...(memory && { memory }) });
  await home.firstReading();
}

/** A 403 that has no register of info bits, only the code. */
async function withoutBits(): Promise<void> {
  home = new PolledLine({
    meters: [{ model: '403', registers: { 369: null } }],
    model: '403',
  });
  await home.firstReading();
  // It is asked for the bits a few times before that is given up.
  for (let reading = 0; reading < 3; reading++) await home.tick('hourly');
}

/** From now on this is the matter with the meter; read as it is every hour. */
async function becomes(conditions: readonly ConditionName[]): Promise<void> {
  home.simulator.meters[0]?.setConditions(conditions);
  await home.tick('hourly');
}

function state(): Record<string, unknown> {
  return JSON.parse(stateJson(home.publisher.readings.at(-1)?.latest ?? [], 0));
}

function entities(): unknown {
  const { meter, latest } = home.publisher.readings.at(-1) ?? {};
  if (meter === undefined || latest === undefined) throw new Error('nothing was published');
  return meterDiscovery(meter, latest, topicsBelow('base'), { name: 'test', sw_version: '1' }).components;
}

const problems = (): string[] => Object.keys(state()).filter((quantity) => state()[quantity] === true);
const unknown = (): string[] => Object.keys(state()).filter((quantity) => state()[quantity] === null);

/** Condition, text, problems, and which of the eight main quantities are unknown. */
type Case = readonly [
  condition: ConditionName,
  text: RegExp,
  problems: readonly string[],
  nulls: readonly string[],
];

const T1_NULLS = ['flow_temperature', 'power', 'temperature_difference'];
const T2_NULLS = ['power', 'return_temperature', 'temperature_difference'];
const FLOW_NULLS = ['flow', 'power'];

const CASES_403: readonly Case[] = [
  ['supply-interrupted', /^power supply interrupted$/, ['supply'], []],
  ['external-alarm', /^external alarm$/, ['external_alarm'], []],
  ['low-battery', /^low battery$/, ['low_battery'], []],
  [
    'return-temperature-sensor-disconnected',
    /^return .* disconnected/,
    ['return_temperature_sensor'],
    T2_NULLS,
  ],
  ['flow-temperature-sensor-shorted', /^flow .* short/, ['flow_temperature_sensor'], T1_NULLS],
  ['return-temperature-sensor-shorted', /^return .* short/, ['return_temperature_sensor'], T2_NULLS],
  [
    'difference-invalid',
    /^invalid temperature difference$/,
    ['flow_temperature_sensor', 'return_temperature_sensor'],
    ['power', 'temperature_difference'],
  ],
  ['flow-sensor-error', /^no communication with the flow sensor$/, ['flow_sensor'], FLOW_NULLS],
  ['wrong-pulse-figure', /^wrong pulse figure/, ['flow_sensor'], FLOW_NULLS],
  ['air', /^air in the flow sensor$/, ['air'], FLOW_NULLS],
  ['wrong-flow-direction', /^wrong flow direction$/, ['flow_direction'], FLOW_NULLS],
  ['high-flow', /^flow above its limit/, ['high_flow'], []],
  ['leak', /^leak: water/, ['leakage'], []],
  ['burst', /^burst pipe: water/, ['burst'], []],
];

const CASES_601: readonly Case[] = [
  ['supply-interrupted', /^power supply interrupted$/, ['supply'], []],
  ['flow-temperature-sensor-disconnected', /^flow .* out of range/, ['flow_temperature_sensor'], T1_NULLS],
  [
    'return-temperature-sensor-disconnected',
    /^return .* out of range/,
    ['return_temperature_sensor'],
    T2_NULLS,
  ],
  ['flow-sensor-error', /^data error of the flow sensor$/, ['flow_sensor'], FLOW_NULLS],
  ['wrong-pulse-figure', /^wrong pulse figure/, ['flow_sensor'], FLOW_NULLS],
  ['air', /^air in the flow sensor$/, ['air'], FLOW_NULLS],
  ['wrong-flow-direction', /^wrong flow direction$/, ['flow_direction'], FLOW_NULLS],
  ['leak', /^leak in the heating$/, ['leakage'], []],
  ['burst', /^burst pipe in the heating$/, ['burst'], []],
];

describe.each([
  ['403', CASES_403],
  ['601', CASES_601],
] as const)('a MULTICAL %s that is well', (model, cases) => {
  it('has no error, no problem, and entities that stay the same whatever happens', async () => {
    await bridged(model);
    expect(state().info).toBe('no error');
    expect(problems()).toEqual([]);
    const before = entities();
    const nulls = unknown();
    for (const [condition, text, expected, spoilt] of cases) {
      await becomes([condition]);
      expect(state().info, condition).toMatch(text);
      expect(problems().sort(), condition).toEqual([
        'problem',
        ...expected.map((group) => `problem_${group}`),
      ]);
      expect(
        unknown()
          .filter((quantity) => !nulls.includes(quantity))
          .sort(),
        condition,
      ).toEqual(spoilt);
      expect(state().heat_energy).toEqual(expect.any(Number));
      expect(state().volume).toEqual(expect.any(Number));
      expect(entities(), condition).toEqual(before);
      await becomes([]);
      expect(state().info).toBe('no error');
      expect(problems()).toEqual([]);
      expect(unknown()).toEqual(nulls);
    }
  });
});

describe('what the log says of it', () => {
  const warnings = (): string[] => home.logger.said('warn');

  it('names the cause once, what is unknown for it, and when it is over', async () => {
    await bridged('601');
    expect(warnings()).toEqual([]);
    const condition = ['return-temperature-sensor-disconnected'] as const;
    for (let hour = 0; hour < 3; hour++) await becomes(condition);
    await home.tick('daily');
    expect(warnings()).toEqual([
      'Heating: the meter reports: return temperature sensor out of range',
      'Heating: unknown until it is put right: Power, Return temperature, Temperature difference (return temperature sensor out of range)',
    ]);
    await becomes([]);
    expect(home.logger.said('info').at(-1)).toMatch(
      /^Heating: the meter reports: no error\. The trouble lasted .*\.$/,
    );
    await becomes(condition);
    expect(warnings()).toHaveLength(4);
  });

  it('says it of another meter in its place again', async () => {
    await bridged('601', ['air']);
    expect(warnings().filter((line) => line.includes('reports: air'))).toHaveLength(1);
    for (const meter of home.simulator.meters) home.simulator.removeMeter(meter);
    home.simulator.addMeter({ model: '601', serialNumber: 7, conditions: ['air'] });
    home.simulator.unplug(1_000);
    await home.clock.advance(70_000);
    await home.tick('hourly');
    expect(home.publisher.readings.at(-1)?.meter.serialNumber).toBe('7');
    expect(warnings().filter((line) => line.includes('reports: air'))).toHaveLength(2);
  });

  it('warns of a code that nobody understands', async () => {
    await withoutBits();
    home.simulator.meters[0]?.setRegister(99, { unit: 51, length: 4, decimals: 0, source: 1_000_000 });
    await home.tick('hourly');
    expect(warnings().at(-1)).toBe(
      'Heating: the meter reports: info code 1000000, whose meaning is not clear',
    );
    expect(state()).toMatchObject({
      info_code: 1_000_000,
      problem_air: null,
      flow_temperature: expect.any(Number),
    });
  });
});

describe('a code of a 403 that may be bits or what its display shows', () => {
  it('is a number, with no wrong cause and no wrong temperature', async () => {
    await withoutBits();
    await becomes(['flow-temperature-sensor-disconnected']);
    expect(state()).toMatchObject({
      info: 'info code 8, whose meaning is not clear',
      flow_temperature: null,
      power: null,
      return_temperature: expect.any(Number),
    });
    expect(problems()).toEqual(['problem']);
    await becomes([]);
    expect(state()).toMatchObject({ info: 'no error', flow_temperature: expect.any(Number) });
  });
});

describe('after a restart in the middle of it', () => {
  it('everything is what it was, before the meter has answered', async () => {
    await bridged('403', ['flow-temperature-sensor-disconnected']);
    const before = { state: state(), entities: entities() };
    const { memory } = home;
    await home.stop();
    home = new PolledLine({
      meters: [],
      memory,
    });
    await home.firstReading();
    expect(state()).toEqual(before.state);
    expect(entities()).toEqual(before.entities);
    expect(state()).toMatchObject({ flow_temperature: null, problem_flow_temperature_sensor: true });
  });

  it('the numbers come back with the first reading that is well', async () => {
    await bridged('403', ['flow-temperature-sensor-disconnected']);
    const { memory } = home;
    await home.stop();
    await bridged('403', [], memory);
    expect(state()).toMatchObject({
      flow_temperature: expect.any(Number),
      power: expect.any(Number),
      info: 'no error',
    });
  });
});

describe('a meter that turns out to be of another family', () => {
  it('loses the problems that only the wrong one knows, at once', async () => {
    home = new PolledLine({ meters: [{ model: '403' }], model: '21' });
    await home.firstReading();
    expect(state()).toMatchObject({ problem_dry: false });
    const { memory } = home;
    await home.stop();
    await bridged('403', [], memory);
    expect(state()).not.toHaveProperty('problem_dry');
    expect(entities()).not.toHaveProperty('problem_dry');
    expect(state()).toMatchObject({ problem_air: false, problem_leakage: false, info: 'no error' });
  });

  it('has none where its list is not known', async () => {
    home = new PolledLine({ meters: [{ model: '801' }], model: '601' });
    await home.firstReading();
    expect(state()).toMatchObject({ problem_air: false });
    const { memory } = home;
    await home.stop();
    await bridged('801', [], memory);
    expect(Object.keys(state()).filter((quantity) => quantity.startsWith('problem_'))).toEqual([]);
  });
});

describe('a meter that is never asked for details', () => {
  const NEVER = { detailSchedule: 'never' } as const;
  const asked = () => home.simulator.statistics.requested;

  it('of the x3 family shows it with the first request, and its code is understood', async () => {
    home = new PolledLine({ ...NEVER, meters: [{ model: '603', conditions: ['air'] }] });
    await home.firstReading();
    expect(asked()).toEqual([[60, 68, 74, 80, 86, 87, 369, 99]]);
    expect(state()).toMatchObject({ info: 'air in the flow sensor', problem_air: true, flow: null });
    await home.tick('hourly');
    expect(asked().at(-1)).toEqual([60, 68, 74, 80, 86, 87, 89, 369]);
    await becomes([]);
    expect(state()).toMatchObject({ info: 'no error', problem_air: false, flow: expect.any(Number) });
  });

  it.each(['601', '402', '302'] as const)('of another one, a %s, is asked no second time', async (model) => {
    home = new PolledLine({ ...NEVER, meters: [{ model }] });
    await home.firstReading();
    expect(asked()).toEqual([[60, 68, 74, 80, 86, 87, 369, 99]]);
    expect(state()).toMatchObject({ info: 'no error', info_code: 0 });
    await home.tick('hourly');
    expect(asked().slice(1)).toEqual([[60, 68, 74, 80, 86, 87, 89, 99]]);
  });

  it('without a list of codes has no flow of zero while its code is set', async () => {
    home = new PolledLine({ ...NEVER, meters: [{ model: '801', conditions: ['flow-sensor-error'] }] });
    await home.firstReading();
    for (let hour = 0; hour < 2; hour++) {
      expect(state()).toMatchObject({ flow: null, power: null, heat_energy: expect.any(Number) });
      await home.tick('hourly');
    }
  });

  it('is asked for nothing but what is configured', async () => {
    home = new PolledLine({ ...NEVER, meters: [{ model: '601' }], model: '601' });
    await home.firstReading();
    expect(asked()).toEqual([[60, 68, 74, 80, 86, 87, 89, 99]]);
    await home.stop();
    home = new PolledLine({ ...NEVER, meters: [{ model: '603' }], registers: [60, 89, 99] });
    await home.firstReading();
    expect(asked()).toEqual([[60, 89, 99]]);
  });
});
