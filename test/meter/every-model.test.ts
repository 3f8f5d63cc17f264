import { afterEach, describe, expect, it } from 'vitest';
import { METER_MODEL_NAMES } from '../../src/catalogue/family.ts';
import { modelText } from '../../src/meter/identification.ts';
import type { MeterIdentity } from '../../src/meter/publisher.ts';
import { topicsBelow } from '../../src/mqtt/topics.ts';
import { meterDiscovery } from '../../src/outputs/home-assistant/devices.ts';
import { MODELS, type ModelName } from '../../src/simulator/models/models.ts';
import { expectAccepted } from '../outputs/home-assistant/support/expect-accepted.ts';
import { expectSameInComponentForm } from '../outputs/home-assistant/support/expect-same-in-component-form.ts';
import { PolledLine } from '../support/polled-line.ts';

const X3 = 'MULTICAL 303, 403, 603 or 803 (by its registers)';
const WATER = 'MULTICAL 21, flowIQ 21xx, 22xx or 31xx (by its registers)';

/** What the bridge makes of each simulated meter without a word of configuration. */
const EXPECTED: Readonly<
  Record<ModelName, readonly [model: string, kind: string, infoTable: string | null]>
> = {
  '302': ['MULTICAL 302 (by its registers)', 'heat', null],
  '303': [X3, 'heat', 'x3'],
  '402': ['MULTICAL 402 (by its registers)', 'heat', '601'],
  '403': ['MULTICAL 403 (by its software edition)', 'heat', 'x3'],
  '601': ['MULTICAL 601', 'heat', '601'],
  '602': ['MULTICAL 602 (by its registers)', 'heat', '601'],
  '603': ['MULTICAL 603 (by its type number)', 'heat', 'x3'],
  '801': ['MULTICAL 801 (by its registers)', 'heat', null],
  '803': [X3, 'heat', 'x3'],
  '62': ['MULTICAL 62 (by its registers)', 'water', null],
  '21': [WATER, 'water', 'water'],
  'flowiq-21xx': [WATER, 'water', 'water'],
  'flowiq-22xx': ['flowIQ 22xx or KWM2231 (by its registers)', 'water', 'water'],
  'flowiq-31xx': [WATER, 'water', 'water'],
  kwm2231: ['KWM2231 (by its type number)', 'water', 'water'],
  '382': ['Kamstrup 382', 'electricity', null],
  '162': ['Kamstrup 162', 'electricity', null],
  '282': ['Kamstrup 282', 'electricity', null],
  '351': ['Kamstrup 351B', 'electricity', null],
  omnipower: ['Kamstrup OMNIPOWER', 'electricity', null],
  '403-mwh': ['MULTICAL 403 (by its software edition)', 'heat', 'x3'],
  '402-mwh': ['MULTICAL 402 (by its registers)', 'heat', '601'],
  '403-long': ['MULTICAL 403 (by its software edition)', 'heat', 'x3'],
  '302-kwh': ['MULTICAL 302 (by its registers)', 'heat', null],
  '603-gcal': ['MULTICAL 603 (by its type number)', 'heat', 'x3'],
  '601-gj-x10': ['MULTICAL 601', 'heat', '601'],
  '601-litres': ['MULTICAL 601', 'heat', '601'],
  '21-litres': [WATER, 'water', 'water'],
};

const HOUR = 3_600_000;
/** As the bridge joins them. */

/** The beginning of a day, a month and a year, so that all of their figures are there. */
const NEW_YEAR = Date.UTC(2026, 0, 1);

/** What is made of the registers of each meter of a kind, and held against Home Assistant's table like these. */
const DERIVED: Readonly<Record<string, readonly string[]>> = {
  heat: ['info', 'heat_energy_day', 'heat_energy_month', 'volume_day'],
  water: ['info', 'volume_day', 'volume_month'],
  electricity: [],
};

/** A register that every meter of a kind has is given up only when three readings left it out. */
const READINGS_TO_KNOW = 3;

let home: PolledLine;

/** As a device page shows it. */
function shownModel(meter: Pick<MeterIdentity, 'model'> | undefined): string | null | undefined {
  return meter?.model && modelText(meter.model);
}

afterEach(() => home.stop());

describe.each(Object.keys(MODELS) as ModelName[])('a simulated %s', (name) => {
  const [model, kind, infoTable] = EXPECTED[name];

  it('is known, read in one request, and every entity is one that Home Assistant accepts', async () => {
    const traits: unknown[] = [];
    const observed = {
      interpret: (readings: readonly never[], given: unknown) => {
        traits.push(given);
        return readings;
      },
    };
    home = new PolledLine({
      meters: [{ model: name }],
      now: NEW_YEAR,
      timezone: 'UTC',
      heatEnergyInKwh: true,
      gasEquivalent: 31.6,
      furtherStages: { observed: () => observed as never },
    });
    await home.firstReading();
    for (let reading = 1; reading < READINGS_TO_KNOW; reading++) await home.tick('hourly');
    // So that something flowed since the last reading.
    await home.clock.advance(HOUR);
    home.simulator.resetStatistics();
    await home.tick('hourly');

    const { requested, requests } = home.simulator.statistics;
    expect(requests).toBe(1);
    expect(requested[0]?.length).toBeLessThanOrEqual(8);
    const { meter, fresh, latest } = home.publisher.readings.at(-1) ?? { latest: [], fresh: [] };
    // Everything that was asked for was there.
    expect(fresh.flatMap(({ register }) => register ?? [])).toEqual(requested[0]);
    expect(fresh.length).toBeGreaterThanOrEqual(6);
    expect(meter).toMatchObject({ kind });
    expect(shownModel(meter)).toBe(model);
    expect(traits.at(-1)).toEqual({ kind, infoTable });
    expect(home.publisher.diagnostics.at(-1)).toMatchObject({ failedReadings: 0, doubtfulValues: 0 });

    if (meter === undefined) throw new Error('no reading');
    const { components } = meterDiscovery(meter, latest, topicsBelow('base'), {
      name: 'multical2mqtt',
      sw_version: '1.2.3',
    });
    for (const [key, each] of Object.entries(components)) expectAccepted(`${name} ${key}`, each);
    expectSameInComponentForm(meter, latest, components);
    const derived = latest.filter(({ register }) => register === null).map(({ quantity }) => quantity);
    expect(derived).toEqual(expect.arrayContaining([...(DERIVED[kind] ?? [])]));
    expect(derived.some((quantity) => quantity.startsWith('problem_'))).toBe(infoTable !== null);
    for (const quantity of derived) expect(components).toHaveProperty(quantity);
    const volume = components.volume?.device_class;
    expect(volume).toBe({ heat: 'volume', water: 'water', electricity: undefined }[kind]);
  });
});

describe('a meter whose model is configured', () => {
  it('is asked for its own registers at the first contact, and called by that name', async () => {
    home = new PolledLine({ meters: [{ model: '21' }], model: 'flowiq-31xx' });
    await home.firstReading();
    expect(home.simulator.statistics.requested[0]).toEqual([68, 74, 99, 243, 292, 299, 1004]);
    expect(home.publisher.identified[0]).toMatchObject({ kind: 'water' });
    expect(shownModel(home.publisher.identified[0])).toBe('flowIQ 31xx');
  });

  it('that never answered gets the advice for its own eye', async () => {
    home = new PolledLine({ meters: [], model: '303' });
    await home.firstReading();
    await home.clock.advance(60_000);
    expect(home.logger.said('warn').join()).toMatch(/MULTICAL 303 works for four minutes/);
  });
});

describe('a meter that is not what it is configured as', () => {
  const warnings = (): string[] => home.logger.said('warn').filter((line) => line.includes('configured as'));

  it.each([
    ['603', '601', 'MULTICAL 601', 'it answers like MULTICAL 603'],
    ['603', '403', 'MULTICAL 403', 'it answers like MULTICAL 603'],
    ['403', '21', 'MULTICAL 21', 'it answers like MULTICAL 403'],
    ['601', '602', 'MULTICAL 602', 'it answers like MULTICAL 601'],
    ['382', '403', 'MULTICAL 403', 'it answers like Kamstrup 382'],
    ['801', '382', 'Kamstrup 382', 'it does not answer like one'],
  ] as const)('a %s as %s: its owner is told once, and the device page says so', async (name, model, ...texts) => {
    const [label, contradiction] = texts;
    home = new PolledLine({ meters: [{ model: name }], model });
    await home.firstReading();
    for (let reading = 1; reading < READINGS_TO_KNOW; reading++) await home.tick('hourly');
    await home.tick('daily');
    expect(warnings()).toEqual([
      `Heating: configured as ${label}, but ${contradiction}. Put its "model" right, or leave it out: wrong info texts and missing values may follow.`,
    ]);
    expect(shownModel(home.publisher.readings.at(-1)?.meter)).toBe(
      `${label} (as configured, but ${contradiction})`,
    );
  });

  it.each(METER_MODEL_NAMES)('is none where a %s is configured as what it is', async (model) => {
    home = new PolledLine({ meters: [{ model }], model });
    await home.firstReading();
    for (let reading = 1; reading < READINGS_TO_KNOW; reading++) await home.tick('hourly');
    await home.tick('daily');
    expect(warnings()).toEqual([]);
    expect(shownModel(home.publisher.readings.at(-1)?.meter)).not.toMatch(/configured/);
  });
});

describe('a known meter that falls silent', () => {
  it.each([
    ['402', /stays awake for about half an hour/],
    ['403', /polarity matters/],
    ['602', /half a turn/],
    ['382', /`baudRate` to 9600/],
    ['803', /A 402 or 303 sleeps until/],
  ] as const)('a %s gets the advice for what it may be', async (name, advice) => {
    home = new PolledLine({ meters: [{ model: name }] });
    await home.firstReading();
    for (const meter of home.simulator.meters) home.simulator.removeMeter(meter);
    await home.tick('hourly');
    expect(home.publisher.diagnostics.at(-1)?.lastError).toMatch(advice);
  });

  it('is known after a restart, without asking for anything', async () => {
    home = new PolledLine({ meters: [{ model: '21' }] });
    await home.firstReading();
    const { memory } = home;
    await home.stop();
    home = new PolledLine({ memory, meters: [] });
    home.start();
    expect(home.publisher.identified[0]).toMatchObject({ kind: 'water' });
    expect(shownModel(home.publisher.identified[0])).toBe(WATER);
  });
});

describe('energy that stands at zero while its high resolution counts', () => {
  it('is an energy for the Energy dashboard that counts in its place, also through a restart', async () => {
    home = new PolledLine({ meters: [{ model: '382' }] });
    await home.firstReading();
    const counted = (): number => Number(home.published('active_energy_import_counted'));
    const first = counted();
    const zero = home.publisher.readings.at(-1)?.latest.find(({ register }) => register === 1);
    expect(zero?.value.kind).toBe('unknown');
    expect(first).toBeCloseTo(7183.27, 1);
    const { memory, publisher } = home;
    const [taken] = publisher.readings.slice(-1);
    if (taken === undefined) throw new Error('nothing was published');
    expect(
      meterDiscovery(taken.meter, taken.latest, topicsBelow('base'), { name: 'x', sw_version: '1' })
        .components.active_energy_import_counted,
    ).toMatchObject({
      name: 'Active energy import, counted',
      device_class: 'energy',
      state_class: expect.stringMatching(/^total(_increasing)?$/),
      unit_of_measurement: 'kWh',
    });
    await home.clock.advance(HOUR);
    await home.tick('hourly');
    const second = counted();
    expect(second).toBeGreaterThan(first);
    await home.stop();
    // The register is full meanwhile.
    const registers = { 13: { unit: 2, length: 4, decimals: 4, source: 12_000 } } as const;
    const last = { 13: { unit: 2, length: 4, decimals: 4, source: 99_999_000 } } as const;
    home = new PolledLine({
      memory,
      meters: [{ model: '382', registers: last }],
      now: home.clock.now() + 30 * 24 * HOUR,
    });
    await home.firstReading();
    expect(counted()).toBe(9999.9);
    const { memory: full, clock } = home;
    await home.stop();
    home = new PolledLine({ memory: full, meters: [{ model: '382', registers }], now: clock.now() + HOUR });
    await home.firstReading();
    expect(counted()).toBe(10_001.2);
  });

  it('is none where the total counts', async () => {
    home = new PolledLine({ meters: [{ model: '162' }] });
    await home.firstReading();
    expect(home.published('active_energy_import')).toMatch(/^7183/);
    expect(home.published('active_energy_import_counted')).toBeUndefined();
  });
});
