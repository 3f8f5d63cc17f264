import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseFault } from '../../src/simulator/faults.ts';
import { observedBroker } from '../mqtt/support/observed-broker.ts';
import { asHomeAssistant } from '../outputs/home-assistant/support/as-home-assistant.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { eventually } from '../support/eventually.ts';
import { bridgeConfig, runningBridge } from '../support/running-bridge.ts';
import { type ServedMeter, servedMeter } from '../support/served-meter.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ID = 'multical2mqtt_84968362';
const STATE = 'multical2mqtt/84968362/state';

interface Entity {
  readonly default_entity_id: string;
  readonly unit_of_measurement?: string;
}

const home = observedBroker();

/** From the moment on at which the bridge begins to ask for everything, the meter says nothing. */
class Hushing extends CollectingLogger {
  private readonly meter: ServedMeter;

  constructor(meter: ServedMeter) {
    super();
    this.meter = meter;
  }

  override info(message: string): void {
    super.info(message);
    if (message.includes('asking once for everything else'))
      this.meter.simulator.setFaults([parseFault('silence')]);
  }
}

function run(
  { port }: ServedMeter,
  folder: string,
  form: string,
  meter: Readonly<Record<string, unknown>>,
  logger?: CollectingLogger,
) {
  const keys = {
    meters: [{ port, ...meter }],
    mqtt: { url: home.broker.url },
    homeAssistant: { discovery: form },
  };
  return runningBridge(bridgeConfig(keys, folder), logger);
}

/** The entities of the meter by key, as the broker holds them after each message. */
function* entitiesAfterEach(): Generator<ReadonlyMap<string, Entity>> {
  const found = new Map<string, Entity>();
  yield found;
  for (const { topic, payload } of home.observer.messages) {
    const [, platform, device, key = ''] = topic.split('/');
    if (device === ID) {
      const content = asHomeAssistant(payload || '{}');
      const changes: [string, Entity][] =
        platform === 'device' ? Object.entries(content.components ?? {}) : [[key, content]];
      // Removed: empty, or nothing but the platform.
      for (const [each, entity] of changes) {
        if (entity.default_entity_id === undefined) found.delete(each);
        else found.set(each, entity);
      }
    }
    yield found;
  }
}

function entities(): ReadonlyMap<string, Entity> {
  return Array.from(entitiesAfterEach()).at(-1) ?? new Map();
}

const states = (from: number) =>
  home.observer.messages.slice(from).flatMap(({ topic, payload }) => (topic === STATE ? [payload] : []));
const raw = (state: string | undefined, name: string) =>
  new RegExp(`"${name}":([^,}]*)[,}]`).exec(state ?? '')?.[1];

it.each([
  'device',
  'component',
])('entities and values outlive a lost dataDir and another name: %s', async (form) => {
  const meter = await servedMeter();
  const folder = temporaryFolder();
  const first = await run(meter, folder, form, { name: 'Heat meter' });
  await eventually(() => entities().has('operating_hours'));
  await first.bridge.idle();
  await first.bridge.stop();
  await home.observer.sees('multical2mqtt/bridge/state', 'offline');
  const before = entities();
  const stateBefore = home.observer.latest(STATE);
  const from = home.observer.messages.length;
  rmSync(join(folder, 'meters'), { recursive: true });

  const { bridge } = await run(meter, folder, form, { name: 'Cellar' }, new Hushing(meter));
  await eventually(() => states(from).length > 0);
  await eventually(() =>
    home.observer.messages.slice(from).some(({ payload }) => payload.includes('"Cellar"')),
  );
  expect(raw(states(from)[0], 'mass')).toBe(raw(stateBefore, 'mass'));
  expect(raw(states(from)[0], 'mass')).toMatch(/^\d+\.\d+$/);
  // Who knows what it is by now?
  expect(raw(states(from)[0], 'meter_clock')).toBe('null');
  await bridge.stop();
  meter.simulator.setFaults([]);
  const again = await run(meter, folder, form, { name: 'Cellar' });
  await eventually(() => raw(home.observer.latest(STATE), 'meter_clock')?.startsWith('"'));
  await again.bridge.idle();
  await again.bridge.stop();

  const kept = Array.from(before);
  let message = 0;
  for (const now of entitiesAfterEach()) {
    if (message++ < from) continue;
    for (const [key, { default_entity_id, unit_of_measurement }] of kept) {
      expect(now.get(key)?.default_entity_id, key).toBe(default_entity_id);
      expect(now.get(key)?.unit_of_measurement, key).toBe(unit_of_measurement);
    }
  }
  const names = Object.keys(JSON.parse(stateBefore ?? '{}')).sort();
  for (const state of states(from)) expect(Object.keys(JSON.parse(state)).sort()).toEqual(names);
  expect(before.get('flow')?.default_entity_id).toBe('sensor.heat_meter_flow');
});

it('an entity goes when the configuration does not ask for it any more, though dataDir was lost', async () => {
  const meter = await servedMeter();
  const folder = temporaryFolder();
  const first = await run(meter, folder, 'device', { name: 'Heat meter' });
  await eventually(() => entities().has('operating_hours'));
  await first.bridge.idle();
  await first.bridge.stop();
  rmSync(join(folder, 'meters'), { recursive: true });
  const few = { name: 'Heat meter', registers: [60, 68], detailSchedule: 'never' };
  const from = home.observer.messages.length;
  await run(meter, folder, 'device', few);
  await eventually(() => !entities().has('power') && !entities().has('operating_hours'));
  expect(entities().has('heat_energy')).toBe(true);
  expect(entities().has('connectivity')).toBe(true);
  // First from Home Assistant, whose templates would complain about a gap, then from the state.
  await eventually(() => !Object.keys(JSON.parse(states(from).at(-1) ?? '{"power":null}')).includes('power'));
});
