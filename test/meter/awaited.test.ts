import { afterEach, expect, it } from 'vitest';
import type { Awaited } from '../../src/meter/publisher.ts';
import { PolledLine, type PolledLineOptions } from '../support/polled-line.ts';

let home: PolledLine;

afterEach(() => home.stop());

async function read(options: PolledLineOptions = {}): Promise<void> {
  home = new PolledLine(options);
  await home.firstReading();
}

const awaited = () => home.publisher.readings.map((reading) => reading.awaited);
const now = (): Awaited | undefined => awaited().at(-1);

it('is anything until the meter was asked for all, and then what may still follow', async () => {
  await read();
  expect(awaited()[0]).toBe('anything');
  expect(now()).toContain('heat_energy_month');
  // The meter has no such register, the configuration does not want it, its family has no such problem.
  for (const quantity of ['temperature_4', 'heat_energy_kwh', 'problem_dry', 'heat_energy', 'info'])
    expect(now()).not.toContain(quantity);
});

it('is nothing that the configuration does not ask for', async () => {
  await read({ registers: [60, 68], detailSchedule: 'never' });
  expect(now()).toEqual(new Set(['heat_energy_day', 'heat_energy_month', 'volume_day', 'volume_month']));
});

it('is anything while a main register did not answer, which proves nothing', async () => {
  await read({ detailSchedule: 'never', meters: [{ model: '403', registers: { 68: null } }] });
  expect(now()).toBe('anything');
  for (let reading = 0; reading < 3; reading++) await home.tick('hourly');
  expect(now()).not.toBe('anything');
  expect(now()).not.toContain('volume');
});

it('is what a memory that was cut has lost', async () => {
  await read();
  await home.stop();
  const [meter] = home.memory.all();
  if (meter === undefined) throw new Error('nothing remembered');
  const latest = meter.latest.filter(({ quantity }) => !['mass', 'info', 'problem_air'].includes(quantity));
  home.memory.remember({ ...meter, latest });
  home = new PolledLine({ memory: home.memory });
  home.meter.start();
  for (const quantity of ['mass', 'info', 'problem_air']) expect(now()).toContain(quantity);
});
