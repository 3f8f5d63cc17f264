import type { MeterModelName } from '../../../src/catalogue/family.ts';
import { topicsBelow } from '../../../src/mqtt/topics.ts';
import { meterDiscovery } from '../../../src/outputs/home-assistant/devices.ts';
import type { Component } from '../../../src/outputs/home-assistant/discovery.ts';
import { stateJson } from '../../../src/readings/reading.ts';
import { PolledLine, type PolledLineOptions } from '../../support/polled-line.ts';

/** With and without "model" in its configuration. */
export const MODELS_OF = (model: MeterModelName): readonly (MeterModelName | 'auto')[] => [model, 'auto'];

/** Read until it is believed that the registers which it leaves out are not there. */
export async function learned(options: PolledLineOptions): Promise<PolledLine> {
  const home = new PolledLine(options);
  await home.firstReading();
  for (let reading = 0; reading < 4; reading++) await home.tick('hourly');
  return home;
}

export function stateOf({ publisher }: PolledLine): Record<string, unknown> {
  return JSON.parse(stateJson(publisher.readings.at(-1)?.latest ?? [], 0));
}

/** As they are announced to Home Assistant. */
export function entitiesOf({ publisher }: PolledLine): Readonly<Record<string, Component>> {
  const { meter, latest } = publisher.readings.at(-1) ?? {};
  if (meter === undefined || latest === undefined) throw new Error('nothing was published');
  return meterDiscovery(meter, latest, topicsBelow('base'), { name: 'test', sw_version: '1' }).components;
}
