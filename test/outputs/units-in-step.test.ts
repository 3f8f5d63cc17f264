import { describe, expect, it } from 'vitest';
import type { Awaited } from '../../src/meter/publisher.ts';
import { topicsBelow } from '../../src/mqtt/topics.ts';
import { ConvertingPublisher, NO_UNITS } from '../../src/outputs/converting-publisher.ts';
import type { DiscoveryForm } from '../../src/outputs/home-assistant/discovery.ts';
import { HomeAssistantPublisher } from '../../src/outputs/home-assistant/publisher.ts';
import { announcedUnit } from '../../src/outputs/home-assistant/quantity-entity.ts';
import { MqttPublisher } from '../../src/outputs/mqtt/state-publisher.ts';
import { FanOut } from '../../src/outputs/output.ts';
import type { Reading } from '../../src/readings/reading.ts';
import type { Message } from '../mqtt/support/observer.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { asHomeAssistant } from './home-assistant/support/as-home-assistant.ts';
import {
  FEW,
  FLOW_TEMPERATURE,
  HEAT_ENERGY,
  METER,
  PEAK_DATE,
  READ_AT,
  reading,
  VOLUME,
} from './support/meter-readings.ts';
import { NEW_PRESENCE } from './support/new-presence.ts';
import { StepByStepBroker } from './support/step-by-step-broker.ts';

const STATE = `base/${METER.serialNumber}/state`;

/** All that the meter holds, as any unit may show it. */
const TRUE_PAIRS: Readonly<Record<string, readonly string[]>> = {
  heat_energy: ['GJ 227.445', 'kWh 63179.2', 'GJ x10 22.7445'],
  volume: ['m³ 4127.10', 'L 4127100', 'm³ x10 412.710'],
  flow_temperature: ['°C 65.20'],
};

interface RunOptions {
  readonly units?: Readonly<Record<string, string>>;
  readonly form?: DiscoveryForm;
  readonly homeAssistant?: boolean;
  /** What an earlier run has left at the broker. */
  readonly held?: ReadonlyMap<string, string>;
  /** What it has left in the memory; nothing: its data are lost. */
  readonly remembered?: readonly Reading[];
  /** What the wall clock says at the start. */
  readonly startsAt?: number;
}

/** One run of all that publishes one meter to a broker. */
class Run {
  readonly clock: FakeClock;
  readonly broker: StepByStepBroker;
  readonly held: ReadonlyMap<string, string>;
  private readonly publisher: ConvertingPublisher;

  constructor({ units = {}, form = 'device', homeAssistant = true, held = new Map(), ...rest }: RunOptions) {
    const clock = new FakeClock(rest.startsAt);
    this.clock = clock;
    this.held = held;
    this.broker = new StepByStepBroker(clock, held);
    const topics = topicsBelow('base');
    const logger = new CollectingLogger();
    const options = { connection: this.broker.connection, topics, clock, random: () => 0, logger };
    const mqtt = new MqttPublisher({
      ...options,
      memory: NEW_PRESENCE,
      requestReading: () => {},
      ...(homeAssistant && { announcedUnit }),
    });
    const discovery = new HomeAssistantPublisher({
      ...options,
      discoveryPrefix: 'homeassistant',
      before: () => [],
      prefixes: { prefixesOf: () => ['homeassistant'], rememberPrefixes: () => {} },
      discovery: form,
      statusTopic: 'homeassistant/status',
      outputs: [],
      origin: { name: 'multical2mqtt', version: '1.2.3' },
      stateOf: (serialNumber) => mqtt.stateOf(serialNumber),
    });
    const memory = { recall: () => NO_UNITS, remember: () => {} };
    const fanOut = new FanOut([mqtt, ...(homeAssistant ? [discovery] : [])], logger);
    this.publisher = new ConvertingPublisher(fanOut, units, memory, logger);
    this.publisher.meterIdentified(METER);
    const { remembered } = rest;
    if (remembered === undefined) this.publisher.readingTaken(METER, [], [], 'anything');
    else this.publisher.readingTaken(METER, [], remembered);
  }

  read(latest: readonly Reading[] = FEW, awaited?: Awaited): void {
    this.publisher.readingTaken(METER, latest, latest, awaited);
  }

  /** Reads one register; the rest is remembered. */
  readOnly(fresh: Reading, remembered: readonly Reading[]): void {
    this.publisher.readingTaken(METER, [fresh], [...remembered, fresh]);
  }

  /** Whatever there was to say is said. */
  settle(): Promise<void> {
    return this.clock.advance(60_000);
  }
}

/** The units that entities are announced in, by quantity. */
function announcedIn(held: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const announced = new Map<string, string>();
  for (const [topic, payload] of held) {
    const [prefix, platform, , key = ''] = topic.split('/');
    if (prefix !== 'homeassistant') continue;
    const content = asHomeAssistant(payload);
    const components: Record<string, Record<string, string>> = platform === 'device'
      ? (content.components ?? {})
      : { [key]: content };
    for (const [quantity, { state_topic, unit_of_measurement = '' }] of Object.entries(components))
      if (state_topic === STATE) announced.set(quantity, unit_of_measurement);
  }
  return announced;
}

/** What a Home Assistant that listens all the time would show wrongly, and what its templates would complain about. */
function contradictions(
  before: ReadonlyMap<string, string>,
  messages: readonly Message[],
): readonly string[] {
  const held = new Map(before);
  return messages.flatMap(({ topic, payload }, index) => {
    if (payload === '') held.delete(topic);
    else held.set(topic, payload);
    const state = held.get(STATE);
    if (state === undefined) return topic === STATE ? [`${index}: the state is empty`] : [];
    const members = new Map(
      Array.from(state.matchAll(/[{,]"(\w+)":([^,}]*)/g), ([, name = '', value = '']) => [name, value]),
    );
    return Array.from(announcedIn(held)).flatMap(([quantity, unit]) => {
      const value = members.get(quantity);
      if (value === undefined) return [`${index}: ${quantity} is announced, and no member of the state`];
      if (value === 'null' || TRUE_PAIRS[quantity] === undefined) return [];
      const pair = `${unit} ${value}`;
      return TRUE_PAIRS[quantity].includes(pair) ? [] : [`${index}: ${quantity} is shown as ${pair}`];
    });
  });
}

/** The topics after these messages. */
function heldAfter(before: ReadonlyMap<string, string>, messages: readonly Message[]): Map<string, string> {
  const held = new Map(before);
  for (const { topic, payload } of messages) {
    if (payload === '') held.delete(topic);
    else held.set(topic, payload);
  }
  return held;
}

/** A broker with what a run in these units has left. */
async function leftBy(options: RunOptions): Promise<ReadonlyMap<string, string>> {
  const run = new Run({ remembered: [], ...options });
  run.read();
  await run.settle();
  expect(contradictions(run.held, run.broker.messages)).toEqual([]);
  return heldAfter(run.held, run.broker.messages);
}

function shownAtLast(run: Run): readonly string[] {
  const held = heldAfter(run.held, run.broker.messages);
  const units = announcedIn(held);
  const state = held.get(STATE) ?? '';
  return ['heat_energy', 'volume', 'flow_temperature'].map((quantity) => {
    const [, value] = new RegExp(`"${quantity}":([^,}]*)`).exec(state) ?? [];
    return `${value} ${units.get(quantity)}`;
  });
}

const KWH = { heat_energy: 'kWh', volume: 'l' };
const IN_KWH = ['63179.2 kWh', '4127100 L', '65.20 °C'];
const OWN = ['227.445 GJ', '4127.10 m³', '65.20 °C'];
const FORMS: readonly DiscoveryForm[] = ['device', 'component'];
/** As a meter that was set to count in units that are not converted, so that it is published otherwise too. */
const OTHERWISE = [
  reading({ id: 60, unit: 57, integer: 227_445n, signExponent: 0x44 }),
  reading({ id: 68, unit: 55, integer: 412_710n, signExponent: 0x43 }),
  FLOW_TEMPERATURE,
  PEAK_DATE,
];

function soonAfter(readings: readonly Reading[]): readonly Reading[] {
  return readings.map((reading) => ({ ...reading, readAt: reading.readAt + 1_000 }));
}

/** What may happen between an earlier run and the end of the next one, and what is shown at last. */
const EVENTS: readonly (readonly [
  name: string,
  earlier: RunOptions,
  later: RunOptions,
  act: (run: Run) => Promise<void>,
  shown: readonly string[],
])[] = FORMS.flatMap((form) => [
  [
    `other units at the start, as ${form}s`,
    { form },
    { form, units: KWH, remembered: FEW },
    async (run: Run) => {
      await run.settle();
      run.read();
    },
    IN_KWH,
  ],
  [
    `the meter's own units again, a reading before anything is known, as ${form}s`,
    { form, units: KWH },
    { form, remembered: FEW },
    async (run: Run) => run.read(),
    OWN,
  ],
  [
    `other units and a lost memory, as ${form}s`,
    { form },
    { form, units: KWH },
    async (run: Run) => {
      await run.clock.advance(500);
      run.read([HEAT_ENERGY], 'anything');
      await run.clock.advance(3_000);
      run.read();
    },
    IN_KWH,
  ],
  [
    `a meter that counts otherwise from one reading to the next, as ${form}s`,
    { form },
    { form, remembered: FEW },
    async (run: Run) => {
      run.read();
      await run.settle();
      for (const latest of [soonAfter(FEW), OTHERWISE, soonAfter(OTHERWISE)]) {
        run.read(latest);
        await run.clock.advance(10);
      }
    },
    ['22.7445 GJ x10', '412.710 m³ x10', '65.20 °C'],
  ],
  [
    `a meter that goes to and fro, as ${form}s`,
    { form },
    { form, remembered: FEW },
    async (run: Run) => {
      await run.settle();
      for (const latest of [OTHERWISE, FEW, OTHERWISE, FEW, OTHERWISE, FEW]) {
        run.read(latest);
        await run.clock.advance(30);
      }
    },
    OWN,
  ],
  [
    `Home Assistant told for the first time, of other units, as ${form}s`,
    { homeAssistant: false },
    { form, units: KWH, remembered: FEW },
    async (run: Run) => {
      await run.settle();
      run.read();
    },
    IN_KWH,
  ],
  [
    `the other form together with other units, to ${form}s`,
    { form: form === 'device' ? 'component' : 'device' } as const,
    { form, units: KWH, remembered: FEW },
    async (run: Run) => {
      await run.clock.advance(1_500);
      run.read();
    },
    IN_KWH,
  ],
  [
    `quantities that are on no schedule any more, as ${form}s`,
    { form },
    { form, units: KWH, remembered: [HEAT_ENERGY, VOLUME] },
    async (run: Run) => {
      await run.settle();
      run.read([HEAT_ENERGY, VOLUME]);
    },
    ['63179.2 kWh', '4127100 L', 'undefined undefined'],
  ],
  [
    `quantities that are on no schedule any more, with a reading at once, as ${form}s`,
    { form },
    { form, remembered: [HEAT_ENERGY, VOLUME] },
    async (run: Run) => {
      for (let second = 0; second < 30; second++) {
        run.read(second % 2 === 0 ? [HEAT_ENERGY, VOLUME] : soonAfter([HEAT_ENERGY, VOLUME]));
        await run.clock.advance(1_000);
      }
    },
    ['227.445 GJ', '4127.10 m³', 'undefined undefined'],
  ],
]);

describe('at no moment the broker holds a number under another unit than its own', () => {
  it.each(EVENTS)('%s', async (_name, earlier, later, act, shown) => {
    const held = await leftBy(earlier);
    const run = new Run({ ...later, held });
    await act(run);
    await run.settle();
    expect(contradictions(held, run.broker.messages)).toEqual([]);
    expect(shownAtLast(run)).toEqual(shown);
  });

  it.each(EVENTS)('%s, killed after any message', async (_name, earlier, later, act, shown) => {
    const held = await leftBy(earlier);
    const killed = new Run({ ...later, held });
    await act(killed);
    await killed.settle();
    const { messages } = killed.broker;
    const cuts = messages.length > 30 ? [...messages.keys()].filter((cut) => cut % 7 === 0) : messages.keys();
    for (const cut of cuts) {
      const left = heldAfter(held, messages.slice(0, cut));
      const run = new Run({ ...later, held: left });
      await act(run);
      await run.settle();
      expect(contradictions(left, run.broker.messages)).toEqual([]);
      expect(shownAtLast(run)).toEqual(shown);
    }
  });

  it.each(EVENTS)('%s, and back after having been killed', async (_name, earlier, later, act) => {
    const held = await leftBy(earlier);
    const killed = new Run({ ...later, held });
    await act(killed);
    await killed.settle();
    const { messages } = killed.broker;
    for (let cut = 0; cut < messages.length; cut += messages.length > 30 ? 11 : 1) {
      const left = heldAfter(held, messages.slice(0, cut));
      const run = new Run({ ...earlier, held: left, remembered: FEW, homeAssistant: true });
      run.read();
      await run.settle();
      expect(contradictions(left, run.broker.messages)).toEqual([]);
      expect(shownAtLast(run)).toEqual(earlier.units === undefined ? OWN : IN_KWH);
    }
  });
});

describe('what an earlier run has left and is over by now', () => {
  const TOO_OLD: Reading = {
    ...FLOW_TEMPERATURE,
    value: { kind: 'unknown', value: null, decimals: 2, cause: 'It was measured too long ago.' },
  };
  const state = (run: Run): string | undefined => heldAfter(run.held, run.broker.messages).get(STATE);

  it.each([
    true,
    false,
  ])('is null before anything is read; all else stays to the digit', async (homeAssistant) => {
    const held = await leftBy({});
    const run = new Run({ held, homeAssistant, remembered: [HEAT_ENERGY, VOLUME, TOO_OLD, PEAK_DATE] });
    await run.settle();
    expect(held.get(STATE)).toContain('"flow_temperature":65.20,');
    expect(state(run)).toBe(held.get(STATE)?.replace('65.20', 'null'));
    run.read();
    await run.settle();
    expect(state(run)).toBe(held.get(STATE));
  });

  it('is touched no second time, and never where somebody else has written it', async () => {
    const held = await leftBy({});
    const run = new Run({ held, remembered: FEW });
    await run.settle();
    expect(run.broker.messages).toEqual([]);
    const foreign = new Map([...held, [STATE, '{"flow_temperature":{"value":65.20}}']]);
    const other = new Run({ held: foreign, remembered: [TOO_OLD] });
    await other.settle();
    expect(state(other)).toBe('{"flow_temperature":{"value":65.20}}');
  });
});

describe.each(FORMS)('a memory that is older than what the broker holds, as %ss', (form) => {
  const AN_HOUR = 3_600_000;
  const SAVED = [HEAT_ENERGY, VOLUME, PEAK_DATE].map(
    (reading): Reading => ({ ...reading, readAt: READ_AT - AN_HOUR }),
  );
  const older = SAVED.map((reading): Reading => {
    if (reading.value.kind !== 'number') return reading;
    return { ...reading, value: { ...reading.value, value: reading.value.value.minus(1) } };
  });
  const fresh: Reading = { ...FLOW_TEMPERATURE, readAt: READ_AT + AN_HOUR };

  async function shownWith(earlier: RunOptions, later: RunOptions): Promise<readonly (string | undefined)[]> {
    const held = await leftBy({ form, ...earlier });
    const run = new Run({ form, startsAt: READ_AT + AN_HOUR, remembered: older, ...later, held });
    await run.clock.advance(500);
    run.readOnly(fresh, older);
    await run.settle();
    const ages = heldAfter(held, run.broker.messages).get(`base/${METER.serialNumber}/older`) ?? '{}';
    const { heat_energy: age } = JSON.parse(ages);
    // In UTC: there are zones of half hours.
    return [...shownAtLast(run), age && new Date(age).toISOString().slice(14, 19)];
  }

  it('does not take its totals back', async () => {
    expect(await shownWith({}, {})).toEqual([...OWN, '19:47']);
  });

  it('is shown where the broker cannot be believed', async () => {
    const saved = ['226.445 GJ', '4126.10 m³', '65.20 °C', '19:47'];
    expect(await shownWith({}, { startsAt: READ_AT - 2 * AN_HOUR })).toEqual(saved);
  });

  it('is shown in its units where they have changed', async () => {
    expect(await shownWith({}, { units: KWH })).toEqual(['62901.4 kWh', '4126100 L', '65.20 °C', '19:47']);
  });
});
