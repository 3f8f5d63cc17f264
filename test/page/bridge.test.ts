import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { expect, it } from 'vitest';
import { HistoryStore } from '../../src/history/store.ts';
import type { BridgeState, HistoryConsumption } from '../../src/web/api.ts';
import { eventually } from '../support/eventually.ts';
import { ended } from '../support/program.ts';
import { BuiltHouse } from './support/built-house.ts';
import { Ingress } from './support/ingress.ts';
import { expectUsable, PHONE, visitor } from './support/visitor.ts';

/** What Chromium says of a bridge that is away. */
const AWAY = /ERR_|Failed to load/;

const readAt = (card: Locator): Promise<string | null> => card.locator('time').getAttribute('title');

/** Presses the button, as often as it takes: a reading that comes too soon after another one is refused. */
async function readAnew(card: Locator, before: string | null): Promise<void> {
  const button = card.getByRole('button', { name: /^Aflæs nu/ });
  await eventually(async () => {
    if (await button.isEnabled()) await button.click();
    return (await readAt(card)) !== before;
  });
}

it('shows a meter of the built bridge, reads it when asked to, and follows the bridge through a restart', async () => {
  const house = await BuiltHouse.at();
  house.plugIn();
  let run = await house.start();
  const page = await visitor({ size: PHONE, dark: true, expected: AWAY });
  await page.goto(house.url);
  const card = page.getByRole('article', { name: 'House' });
  await card.getByText(/^MULTICAL 403 · \d+$/).waitFor({ timeout: 40_000 });
  await card.locator('.totals .number').first().waitFor();
  await card.locator('.loop svg').waitFor();
  await expectUsable(page);
  await readAnew(card, await readAt(card));

  run.child.kill('SIGTERM');
  await ended(run);
  await page.getByText(/Broen svarer ikke/).waitFor();
  run = await house.start();
  await page.getByText(/Broen svarer ikke/).waitFor({ state: 'detached', timeout: 100_000 });
  await card.locator('.totals .number').first().waitFor();
  expect(await card.count()).toBe(1);
});

it('says that a meter was unplugged, keeps what it had read, and has nothing to complain of when it is back', async () => {
  const house = await BuiltHouse.at();
  const meter = house.plugIn();
  await house.start();
  const page = await visitor({ expected: AWAY });
  await page.goto(house.url);
  const card = page.getByRole('article', { name: 'House' });
  await card.locator('.totals .number').first().waitFor({ timeout: 60_000 });
  const before = await readAt(card);
  meter.child.kill('SIGKILL');
  await ended(meter);
  const failed = card.getByText('Den seneste aflæsning mislykkedes');
  await eventually(async () => {
    const button = card.getByRole('button', { name: /^Aflæs nu/ });
    if (await button.isEnabled()) await button.click();
    return failed.isVisible();
  });
  expect(await card.locator('.totals .number').count()).toBeGreaterThan(0);
  expect(await readAt(card)).toBe(before);
  await expectUsable(page);

  house.plugIn();
  await readAnew(card, before);
  await failed.waitFor({ state: 'detached' });
});

it('shows the newest values, through ingress, on a phone that has slept while its connection was cut', async () => {
  const house = await BuiltHouse.at();
  house.plugIn();
  await house.start();
  const ingress = new Ingress(house.url);
  const url = await ingress.start();
  const page = await visitor({ size: PHONE, expected: AWAY });
  await page.goto(url);
  const card = page.getByRole('article', { name: 'House' });
  await card.locator('.totals .number').first().waitFor({ timeout: 60_000 });
  await eventually(() => ingress.listening === 1);
  const before = await readAt(card);
  const lastReading = async (): Promise<number | null> => {
    const state = (await (await fetch(`${house.url}api/v1/state`)).json()) as BridgeState;
    return state.meters[0]?.lastReading ?? null;
  };
  const earlier = await lastReading();

  const phone = await page.context().newCDPSession(page);
  await phone.send('Page.setWebLifecycleState', { state: 'frozen' });
  ingress.cutStreams();
  const headers = { 'content-type': 'application/json' };
  await eventually(async () => {
    await fetch(`${house.url}api/v1/meters/House/read`, { method: 'POST', headers, body: '{}' });
    return (await lastReading()) !== earlier;
  });
  await phone.send('Page.setWebLifecycleState', { state: 'active' });
  await eventually(async () => (await readAt(card)) !== before);
  await eventually(() => ingress.listening === 1);

  for (const screen of ['history', 'registers', 'battery', 'outputs', 'log'])
    await page.goto(`${url}#/${screen}`);
  await page.locator('.log li').first().waitFor();
  expect(page.url().startsWith(url)).toBe(true);
});

it('shows nothing any more to whoever comes after somebody has logged out', async () => {
  const house = await BuiltHouse.at({ password: 'wet glasses' });
  await house.start();
  const page = await visitor({ size: PHONE, expected: /401/ });
  await page.goto(house.url);
  await page.getByLabel('Adgangskode').fill('wet glasses');
  await page.getByRole('button', { name: 'Log ind' }).click();
  await page.getByRole('article', { name: 'House' }).waitFor();
  await expectUsable(page);
  await page.getByRole('button', { name: 'Log ud' }).click();
  await page.getByLabel('Adgangskode').waitFor();
  expect(await page.getByRole('article').count()).toBe(0);
  await page.reload();
  await page.getByLabel('Adgangskode').waitFor();
});

it('has no log-out where no password is asked for', async () => {
  const house = await BuiltHouse.at();
  await house.start();
  const page = await visitor();
  await page.goto(house.url);
  await page.getByRole('article', { name: 'House' }).waitFor();
  expect(await page.getByRole('button', { name: 'Log ud' }).count()).toBe(0);
});

const HOUR = 3_600_000;
const HOURS_KEPT = 800 * 24;

/** What was read of the house each hour for two years: a thousandth of a unit each time, which is counted exactly. */
function rememberHours(dataDir: string): void {
  const store = HistoryStore.open(join(dataDir, 'history.db'));
  const last = Math.floor(Date.now() / HOUR) * HOUR;
  const traits = { quantity: 'heat_energy', unit: 'GJ', decimals: 3, isTotal: true };
  const readings = Array.from({ length: HOURS_KEPT }, (_, hour) => ({
    serialNumber: '12345678',
    name: 'House',
    values: [{ ...traits, value: hour / 1000, at: last - (HOURS_KEPT - hour) * HOUR }],
  }));
  store.add(readings, 1e9);
  store.close();
}

it('shows what the bridge has kept, a year beside the one before, and gives the same as CSV', async () => {
  const house = await BuiltHouse.at();
  rememberHours(house.dataDir);
  await house.start();
  const page = await visitor();
  await page.goto(`${house.url}#/history/House`);
  await page.locator('.u-over').waitFor();
  await page.getByRole('button', { name: 'År', exact: true }).click();
  await page.getByRole('button', { name: 'Tidligere' }).click();
  await page.getByText('Året før').first().waitFor();
  const path = (await page.getByRole('link', { name: 'CSV' }).getAttribute('href')) ?? '';
  const rows = (await (await fetch(house.url + path)).text()).trim().split('\r\n').slice(1);
  const json = await fetch(house.url + path.replace('consumption.csv', 'consumption'));
  const { bars, unit } = (await json.json()) as HistoryConsumption;
  expect(unit).toBe('GJ');
  expect(rows.map((row) => Number(row.split(',')[2]))).toEqual(bars.map(({ used }) => used));
  expect(bars).toHaveLength(12);
  for (const { from, to, used } of bars) expect(used).toBe((to - from) / HOUR / 1000);
  await page.getByText('Som tabel').click();
  for (const { used } of bars)
    await page
      .getByRole('cell', { name: `${used?.toFixed(3).replace('.', ',')} GJ`, exact: true })
      .first()
      .waitFor();
  await expectUsable(page);
});
