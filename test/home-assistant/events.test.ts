import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasMosquitto } from '../mqtt/support/mosquitto.ts';
import type { Keys } from './support/bridge.ts';
import { hasHomeAssistant } from './support/core.ts';
import { Household } from './support/household.ts';
import type { Meter } from './support/meter.ts';

const EVENT = 'event.heat_meter_event';

describe.skipIf(!hasHomeAssistant() || !hasMosquitto())('what happens at a meter is an event', () => {
  const house = new Household();
  let heat: Meter;

  const keys = (more: Keys = {}): Keys => ({ meters: [Household.keys(heat, 'Heat meter')], ...more });
  const topic = (name: string): string => `multical2mqtt/${heat.serial}/${name}`;
  const state = async () => (await house.home.api.states()).get(EVENT);
  const told = (): readonly string[] =>
    house.observer.of(topic('event')).map((payload) => JSON.parse(payload).event_type);

  /** Somebody turns up whom the bridge takes for a Home Assistant that has started. */
  const startsAfresh = (): Promise<void> => house.observer.publish('homeassistant/status', 'online');

  async function readAgain(): Promise<void> {
    const before = house.observer.of(topic('diagnostics')).length;
    await house.eventually(async () => house.observer.of(topic('diagnostics')).length > before + 1);
  }

  /** The entity has its next event, after the one of `before`. */
  const next = (before: string | undefined) =>
    house.eventually(async () => {
      const now = await state();
      return now?.state !== before && now?.attributes.event_type !== null ? now : undefined;
    });

  beforeAll(async () => {
    await house.start();
    heat = await house.meter('403');
    house.bridge.start(keys());
    await house.knows(heat, 15);
    await startsAfresh();
  });

  afterAll(() => house.remove());

  it('is none before anything has happened', async () => {
    await readAgain();
    expect(await state()).toMatchObject({
      state: 'unknown',
      attributes: {
        event_type: null,
        event_types: ['problem_began', 'problem_ended', 'clock_set', 'meter_swapped'],
        friendly_name: 'Heat meter Event',
      },
    });
  });

  it('tells of a leak once, and what it is', async () => {
    heat.conditions(['leak']);
    expect((await next('unknown')).attributes).toMatchObject({
      event_type: 'problem_began',
      problem: 'leakage',
      info: expect.stringContaining('leak'),
      code: 0x4000_0000,
    });
    await readAgain();
    expect(told()).toEqual(['problem_began']);
  });

  it('does not tell it again when Home Assistant, or the bridge, starts again', async () => {
    const before = await state();
    await house.home.stop();
    await house.home.start();
    await house.eventually(async () => (await state())?.state === before?.state);
    await house.bridge.restart(keys());
    await readAgain();
    expect((await state())?.state).toBe(before?.state);
    expect(told()).toEqual(['problem_began']);
  });

  it('says nothing of it in the log of Home Assistant', () => {
    expect(house.home.complaints).toEqual([]);
  });

  it('tells what happened while the bridge was away, in the other form too', async () => {
    const before = await state();
    await house.bridge.stop();
    heat.conditions([]);
    house.bridge.start(keys({ homeAssistant: { discovery: 'component' } }));
    await readAgain();
    await startsAfresh();
    expect((await next(before?.state)).attributes).toMatchObject({
      event_type: 'problem_ended',
      problem: 'leakage',
      info: 'no error',
    });
    expect(told()).toEqual(['problem_began', 'problem_ended']);
  });
});
