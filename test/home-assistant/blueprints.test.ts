import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { R } from '../../src/catalogue/register.ts';
import { hasMosquitto } from '../mqtt/support/mosquitto.ts';
import { hasHomeAssistant } from './support/core.ts';
import { Household } from './support/household.ts';
import type { Meter } from './support/meter.ts';

const DOCS = resolve(import.meta.dirname, '../../docs');
const BLUEPRINTS = resolve(DOCS, 'blueprints');
const A_MOMENT = { seconds: 1 };

interface Notification {
  readonly title: string;
  readonly message: string;
}

/** Every id of an entity in it, wherever that stands. */
function entitiesIn(config: unknown): readonly string[] {
  if (typeof config === 'string') return /^[a-z_]+\.heat_meter_[a-z_]+$/.test(config) ? [config] : [];
  return typeof config === 'object' && config !== null ? Object.values(config).flatMap(entitiesIn) : [];
}

describe.skipIf(!hasHomeAssistant() || !hasMosquitto())('what the documentation has to paste', () => {
  const house = new Household();
  let heat: Meter;
  let water: Meter;

  beforeAll(async () => {
    house.home.settings.push('automation: !include automations.yaml', 'persistent_notification:');
    house.home.put('automations.yaml', '[]\n');
    await house.start();
    heat = (await house.meter('403')).freeze();
    water = (await house.meter('21')).freeze();
    water.set(R.flow, 0);
    heat.set(R.flow, 200);
    heat.set(R.temperatureDifference, 40);
    house.bridge.start({
      meters: [Household.keys(heat, 'Heat meter'), Household.keys(water, 'Water meter')],
    });
    await house.knows(heat, 15);
    await house.knows(water, 8);
    // As if Home Assistant had just started: the bridge does not wait any longer for it to listen.
    await house.observer.publish('homeassistant/status', 'online');
  });

  afterAll(() => house.remove());

  const is = (entity: string, state: string): Promise<unknown> =>
    house.eventually(
      async () => Number((await house.home.api.states()).get(entity)?.state) === Number(state),
    );

  async function automate(id: string, config: Readonly<Record<string, unknown>>): Promise<void> {
    const { url, token } = house.home.login;
    const answer = await fetch(`${url}/api/config/automation/config/${id}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ alias: id, ...config }),
    });
    expect(await answer.json()).toEqual({ result: 'ok' });
    const name = `automation.${id.replaceAll('-', '_')}`;
    await house.eventually(async () => (await house.home.api.states()).get(name)?.state === 'on');
  }

  async function use(
    blueprint: string,
    input: Readonly<Record<string, unknown>>,
    id = blueprint,
  ): Promise<void> {
    const path = `multical2mqtt/${blueprint}.yaml`;
    const yaml = readFileSync(resolve(BLUEPRINTS, `${blueprint}.yaml`), 'utf8');
    await house.home.api.ask('blueprint/save', { domain: 'automation', path, yaml, allow_override: true });
    await automate(id, { use_blueprint: { path, input } });
  }

  const notified = async (): Promise<readonly Notification[]> =>
    house.home.api.ask<Notification[]>('persistent_notification/get');
  const says = (text: string): Promise<unknown> =>
    house.eventually(async () => (await notified()).some(({ message }) => message.includes(text)));

  it('a leak, and water that does not stop', async () => {
    await use('leak', {
      problems: ['binary_sensor.heat_meter_problem_leakage', 'binary_sensor.heat_meter_problem_burst'],
      flow: ['sensor.water_meter_flow'],
      longest: A_MOMENT,
    });
    heat.conditions(['leak']);
    await says('Heat meter Leakage: the meter reports it.');
    expect(await notified()).toHaveLength(1);
    water.set(R.flow, 12);
    await says('Water meter Flow: water flows without an end.');
    heat.conditions([]);
  });

  it('a leak without a meter of water', async () => {
    await use('leak', { problems: ['binary_sensor.heat_meter_problem_burst'] }, 'without-flow');
    heat.conditions(['burst']);
    await says('Heat meter Burst: the meter reports it.');
    heat.conditions([]);
  });

  it('what happened, by the trigger for events', async () => {
    await automate('event', {
      triggers: [
        {
          trigger: 'event.received',
          target: { entity_id: 'event.heat_meter_event' },
          options: { event_type: ['problem_began'] },
        },
      ],
      actions: [
        {
          action: 'persistent_notification.create',
          data: { message: "It began: {{ state_attr('event.heat_meter_event', 'problem') }}" },
        },
      ],
    });
    heat.conditions(['air']);
    await says('It began: air');
    heat.conditions([]);
  });

  it('a cooling that is too small while water flows', async () => {
    await use('small-cooling', {
      difference: 'sensor.heat_meter_temperature_difference',
      flow: 'sensor.heat_meter_flow',
      duration: A_MOMENT,
    });
    heat.set(R.flow, 20);
    await is('sensor.heat_meter_flow', '20');
    heat.set(R.temperatureDifference, 12.5);
    await is('sensor.heat_meter_temperature_difference', '12.5');
    const before = (await notified()).length;
    heat.set(R.flow, 200);
    await says('cooled by 12.5 K only');
    expect(await notified()).toHaveLength(before + 1);
  });

  it('every entity of the dashboard is there, and has a value', async () => {
    const config: unknown = parse(readFileSync(resolve(DOCS, 'dashboard.yaml'), 'utf8'));
    await house.home.api.ask('lovelace/config/save', { config });
    const saved = await house.home.api.ask('lovelace/config');
    expect(saved).toEqual(config);
    const ids = new Set(entitiesIn(saved));
    expect(ids.size).toBeGreaterThan(10);
    const states = await house.home.api.states();
    const withoutValue = [...ids].filter((id) => states.get(id)?.state === 'unavailable' || !states.has(id));
    expect(withoutValue).toEqual([]);
    // Whether a button was ever pressed, or an event came, is not asked here.
    const unknown = [...ids].filter(
      (id) => states.get(id)?.state === 'unknown' && !/^(button|event)\./.test(id),
    );
    expect(unknown).toEqual([]);
  });

  it('a meter that is silent', async () => {
    await use('silent-meter', {
      connectivity: ['binary_sensor.heat_meter_connectivity'],
      duration: A_MOMENT,
    });
    await heat.unplug();
    await says('Heat meter Connectivity: the meter has been silent since');
  });

  it('is all tried here, and nothing is said of it in the log', () => {
    expect(readdirSync(BLUEPRINTS).toSorted()).toEqual([
      'leak.yaml',
      'silent-meter.yaml',
      'small-cooling.yaml',
    ]);
    expect(house.home.complaints).toEqual([]);
  });
});
