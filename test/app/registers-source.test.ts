import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { meterRoutes } from '../../src/app/meter-routes.ts';
import type { Language } from '../../src/catalogue/texts/languages.ts';
import { systemClock } from '../../src/shared/clock.ts';
import type { BatteryState, ExchangeState, RegisterState } from '../../src/web/api.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { eventually } from '../support/eventually.ts';
import { bridgeConfig, runningBridge } from '../support/running-bridge.ts';
import { servedMeter } from '../support/served-meter.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { webServing } from '../web/support/web-serving.ts';

/** A bridge that has read heat energy of its meter, and what its page tells of registers. */
async function atHome(keys: object = {}, showsLine = true) {
  const meter = await servedMeter();
  const folder = temporaryFolder();
  const settings = {
    ...{ name: 'Heating', port: meter.port, schedule: '0 0 1 1 *', detailSchedule: 'never', registers: [60] },
    ...keys,
  };
  const csv = { enabled: true, directory: join(folder, 'csv') };
  const config = bridgeConfig({ meters: [settings], mqtt: { enabled: false }, csv }, folder);
  const { bridge, logger } = await runningBridge(config, new CollectingLogger(), { showsLine });
  await eventually(() => bridge.meters[0]?.diagnostics.readings === 1);
  await bridge.idle();
  const routes = meterRoutes(bridge, config.meters, { clock: systemClock, logger });
  const handle = async <Json = readonly RegisterState[]>(
    method: string,
    end: string,
    { name = 'Heating', body = {}, language = 'en' as Language, gone = new AbortController().signal } = {},
  ): Promise<Json> => {
    const route = routes.find((one) => one.method === method && one.path.endsWith(end));
    const query = new URLSearchParams();
    const answer = await route?.handle({ language, parameters: { name }, query, body, gone });
    if (answer === undefined || !('json' in answer)) throw new Error('no JSON');
    return answer.json as Json;
  };
  const ask = (ids: unknown, more: { language?: Language; gone?: AbortSignal } = {}) =>
    handle('POST', '/ask', { body: { ids }, ...more });
  const registers = (more: { name?: string; language?: Language } = {}) => handle('GET', '/registers', more);
  const exchanges = (name = 'Heating') => handle<readonly ExchangeState[]>('GET', '/exchanges', { name });
  return { ...meter, bridge, logger, routes, ask, registers, exchanges };
}

describe('the registers of a meter', () => {
  it('are told as the meter answered them, with their bytes', async () => {
    const { registers } = await atHome();
    const energy = (await registers({ language: 'da' })).find(({ id }) => id === 60);
    expect(energy).toEqual({
      id: 60,
      label: 'Varmeenergi',
      quantity: 'heat_energy',
      value: '84.817',
      unit: 'GJ',
      // Unit, length, decimals, number.
      bytes: '08044300014B51',
      readAt: expect.any(Number),
    });
    await expect(registers({ name: 'Nobody' })).rejects.toMatchObject({ status: 404 });
  });

  it('are told without bytes where none are kept', async () => {
    const { registers } = await atHome({}, false);
    expect((await registers()).map(({ id, value, bytes }) => [id, value, bytes])).toEqual([
      [60, '84.817', null],
    ]);
  });

  it('are asked for one by one when somebody wants to see them, and then known', async () => {
    const { ask, registers, simulator } = await atHome();
    const { requests } = simulator.statistics;
    const answer = await ask([86, 60, 4242, 60]);
    expect(answer.map(({ id, unit }) => [id, unit])).toEqual([
      [86, '°C'],
      [60, 'GJ'],
    ]);
    expect(simulator.statistics.requests).toBe(requests + 1);
    expect((await registers()).map(({ id }) => id)).toContain(86);
  });

  it('cost the battery what they cost', async () => {
    const { ask, bridge } = await atHome();
    const before = bridge.meterAt(0)?.spent.today;
    await ask([86]);
    const after = bridge.meterAt(0)?.spent.today;
    expect(after).toMatchObject({
      readings: (before?.readings ?? 0) + 1,
      transactions: (before?.transactions ?? 0) + 1,
    });
    expect(after?.bytes).toBeGreaterThan(before?.bytes ?? 0);
  });

  it('are not asked for beyond what its owner allows on a day', async () => {
    const { ask, simulator } = await atHome({ battery: { maxReadingsPerDay: 2 } });
    await ask([86]);
    const { requests } = simulator.statistics;
    await expect(ask([86])).rejects.toMatchObject({
      status: 409,
      message: expect.stringMatching(/has had its 2 readings of today/),
    });
    expect(simulator.statistics.requests).toBe(requests);
  });

  it('are asked for ten times a minute and no more', async () => {
    const { ask } = await atHome();
    for (let time = 0; time < 10; time++) await ask([60]);
    await expect(ask([60])).rejects.toMatchObject({ status: 429 });
  });

  it('wait for a reading that runs, and are not asked for when nobody waits any more', async () => {
    const { ask, bridge, simulator } = await atHome({ battery: { minSecondsBetween: 0 } });
    const gone = new AbortController();
    const before = simulator.statistics.requests;
    bridge.readNow(0);
    const asked = ask([86], { gone: gone.signal });
    const alsoAsked = ask([86]);
    gone.abort();
    expect(await asked).toEqual([]);
    expect(await alsoAsked).toMatchObject([{ id: 86 }]);
    await bridge.idle();
    const byReading = simulator.statistics.requests - before - 1;
    expect(byReading).toBeGreaterThan(0);
    expect(bridge.meters[0]?.diagnostics).toMatchObject({ readings: 2, failedReadings: 0 });
  });

  it('are told to be out of reach, in words', async () => {
    const { ask, simulator } = await atHome();
    simulator.unplug();
    await expect(ask([60])).rejects.toMatchObject({
      status: 409,
      message: expect.stringMatching(/went away|Cannot reach|is not open/),
    });
  });

  it.each([
    [undefined],
    [[]],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9]],
    [[-1]],
    [[65536]],
    [[1.5]],
    [['60']],
  ])('are named by whole numbers, not by %j', async (ids) => {
    const { ask } = await atHome();
    await expect(ask(ids)).rejects.toMatchObject({ status: 400 });
  });
});

describe('the exchanges with a meter', () => {
  it('are told byte by byte, those that somebody asked for too, the newest first', async () => {
    const { ask, exchanges } = await atHome();
    const before = await exchanges();
    await ask([60]);
    const [newest, ...others] = await exchanges();
    expect(others).toEqual(before);
    expect(newest).toMatchObject({ outcome: 'answered', took: expect.any(Number), at: expect.any(Number) });
    expect(newest?.sent.parts.map(({ meaning }) => meaning)).toContain('register 60: Heat energy');
    expect(newest?.received.parts.map(({ meaning }) => meaning)).toContain('value: 84.817 GJ');
    expect(newest?.received.parts.map(({ bytes }) => bytes).join('')).toBe(newest?.received.bytes);
    await expect(exchanges('Nobody')).rejects.toMatchObject({ status: 404 });
  });

  it('are not kept where no page shows them', async () => {
    const { exchanges } = await atHome({}, false);
    expect(await exchanges()).toEqual([]);
  });
});

it('a close look at a meter, over HTTP', async () => {
  const { routes, bridge, port } = await atHome();
  const { url } = await webServing({ routes });
  const house = `${url}/api/v1/meters/Heating`;
  const ask = (ids: unknown): Promise<Response> =>
    fetch(`${house}/ask?language=da`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ids }),
    });
  const asked = await ask([60]);
  expect([asked.status, await asked.json()]).toMatchObject([
    200,
    [{ id: 60, label: 'Varmeenergi', value: '84.817', unit: 'GJ', bytes: '08044300014B51' }],
  ]);
  const battery = (await (await fetch(`${house}/battery`)).json()) as BatteryState;
  expect(battery).toMatchObject({ readingsToday: 2, days: [{ readings: 2 }] });
  const [newest] = (await (await fetch(`${house}/exchanges`)).json()) as ExchangeState[];
  expect(newest?.sent.bytes).toMatch(/^803F1001003C/);
  expect((await ask([])).status).toBe(400);
  const back = new AbortController();
  await bridge.freePort(port, back.signal);
  const refused = await ask([60]);
  expect([refused.status, await refused.json()]).toEqual([
    409,
    { error: expect.stringMatching(/^Somebody else uses tcp:.* Ask again when that has ended\.$/) },
  ]);
  back.abort();
});
