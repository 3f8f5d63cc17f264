import { expect, it, onTestFinished } from 'vitest';
import { Bridge } from '../../src/app/bridge.ts';
import { StoredMeterMemory } from '../../src/app/memory.ts';
import { StateStore } from '../../src/app/state-store.ts';
import { BatteryAccount } from '../../src/meter/battery-account.ts';
import { localDay } from '../../src/shared/zoned-time.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { eventually } from '../support/eventually.ts';
import { FAST, servedMeter } from '../support/served-meter.ts';
import { PlacingPage, placingBridge } from './support/placing.ts';

const EACH_SECOND = '* * * * * *';
const SERIAL = '84968362';

/** What is on the account of the meter's battery in the last days. */
function booked(folder: string): { readings: number; transactions: number; awakeTime: number } {
  const memory = new StoredMeterMemory(new StateStore(folder, new CollectingLogger()));
  return new BatteryAccount(memory.recall(SERIAL)?.account).weekTo(localDay(Date.now(), '').date);
}

it('asks with the port of the bridge, which waits, books what it cost, and reads on when the client dies', async () => {
  const { url, port, folder, simulator, readings } = await placingBridge(EACH_SECOND);
  const page = await PlacingPage.at(url, { port });
  expect(page.messages[0] ?? (await page.sees('waiting'))).toEqual({ kind: 'waiting' });
  await page.sees('view');
  const before = { readings: readings(), booked: booked(folder), ...simulator.statistics };
  const good = await page.sees('view', ({ verdict }) => verdict === 'good');
  expect(good).toMatchObject({ serialNumber: SERIAL, damagedReplies: 0, asked: good.answered });
  expect(good.left).toBeGreaterThan(4 * 60_000);
  expect(good.cost).toBeGreaterThan(0.5);
  expect(readings()).toBe(before.readings);
  page.close();
  await eventually(() => readings() > before.readings);
  expect(booked(folder).transactions).toBeGreaterThanOrEqual(before.booked.transactions + 4);
});

it('works for a port that no meter is configured at', async () => {
  const { url, simulator, visits } = await placingBridge();
  const before = simulator.statistics.requests;
  const other = await servedMeter();
  const page = await PlacingPage.at(url, { port: other.port.replace('tcp://', '') });
  await page.sees('view', ({ verdict }) => verdict === 'good');
  page.close();
  await visits.stop();
  expect(simulator.statistics.requests).toBe(before);
});

it('is for one at a time at a port, however it is written, and for the next one when the first has gone', async () => {
  const { url, port } = await placingBridge();
  const first = await PlacingPage.at(url, { port });
  await first.sees('view');
  const second = await PlacingPage.at(url, { port: port.replace('tcp://', 'TCP://') });
  expect([second.status, second.error]).toEqual([409, expect.stringMatching(/^Somebody is placing a head/)]);
  first.close();
  await eventually(async () => (await PlacingPage.at(url, { port })).status === 200);
});

it('says that the head was unplugged, and lets the bridge find it again', async () => {
  const { url, port, simulator, readings } = await placingBridge(EACH_SECOND);
  const page = await PlacingPage.at(url, { port });
  await page.sees('view');
  simulator.unplug();
  expect(await page.sees('over')).toEqual({
    kind: 'over',
    problem: expect.stringMatching(/went away.*[.?]$/),
  });
  const before = readings();
  simulator.replug();
  await eventually(() => readings() > before);
});

it('ends when its time is up', async () => {
  const { url, port, readings } = await placingBridge(EACH_SECOND);
  const page = await PlacingPage.at(url, { port, minutes: 0.01 });
  expect(await page.sees('over')).toEqual({ kind: 'over', problem: null });
  expect(page.messages.some(({ kind }) => kind === 'view')).toBe(true);
  const before = readings();
  await eventually(() => readings() > before);
});

it('keeps the port while another bridge takes the place of the one that lent it', async () => {
  const { url, port, present, config, logger, simulator } = await placingBridge(EACH_SECOND);
  const page = await PlacingPage.at(url, { port });
  await page.sees('view');
  const make = () => Bridge.make({ config, version: '1.2.3', logger, random: () => 0, baudRate: FAST });
  await present.renew(config, make);
  onTestFinished(() => present.stop());
  const { requests } = simulator.statistics;
  await page.sees('view', ({ answered }) => answered >= 6);
  const readings = () => present.bridge.meters[0]?.diagnostics.readings ?? 0;
  expect(readings()).toBe(0);
  expect(simulator.statistics.requests).toBeGreaterThan(requests);
  page.close();
  await eventually(() => readings() > 0);
});

it('goes on with the old configuration where a bridge of the new one cannot be made', async () => {
  const { present, config, logger } = await placingBridge(EACH_SECOND);
  let tries = 0;
  const make = async () => {
    tries++;
    if (tries === 1) throw new Error('There is no such library.');
    return Bridge.make({ config, version: '1.2.3', logger, random: () => 0, baudRate: FAST });
  };
  const renewed = present.renew({ ...config, meters: [] }, make);
  await expect(renewed).rejects.toThrow('There is no such library.');
  onTestFinished(() => present.stop());
  expect(present.config).toBe(config);
  await eventually(() => (present.bridge.meters[0]?.diagnostics.readings ?? 0) > 0);
});

it('ends with the bridge, after its cost is booked', async () => {
  const { url, port, folder, visits, bridge } = await placingBridge();
  const before = booked(folder);
  const page = await PlacingPage.at(url, { port });
  await page.sees('view', ({ answered }) => answered >= 2);
  await visits.stop();
  await bridge.stop();
  expect((await page.sees('over')).problem).toMatch(/is stopping/);
  expect(booked(folder).readings).toBe(before.readings + 1);
  expect((await PlacingPage.at(url, { port })).status).toBe(503);
});

it.each([
  [{}, 400, /Say where the head is/],
  [{ port: 'rfc2217://gateway:2000' }, 400, /telnet/],
  [{ port: '/etc/passwd' }, 404, /no serial port \/etc\/passwd/],
  [{ port: '/dev/tty' }, 404, /no serial port/],
  [{ port: 'tcp://127.0.0.1:1', minutes: 11 }, 400, /"minutes" must be a number up to 10/],
  [{ port: 'tcp://127.0.0.1:1', baudRate: 1 }, 400, /"baudRate" must be one of: 1200, 9600/],
])('refuses %o', async (body, status, error) => {
  const { url, readings } = await placingBridge();
  const page = await PlacingPage.at(url, body);
  expect([page.status, page.error]).toEqual([status, expect.stringMatching(error)]);
  expect(readings()).toBe(1);
});

it('says that nothing is there', async () => {
  const { url } = await placingBridge();
  const page = await PlacingPage.at(url, { port: 'tcp://127.0.0.1:1' });
  expect((await page.sees('over')).problem).toMatch(/^Cannot (open|connect|reach)/);
});
