import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { expect, it, onTestFinished } from 'vitest';
import { HistoryStore } from '../../src/history/store.ts';
import { BuiltHouse } from '../../test/page/support/built-house.ts';
import { CHROMIUM } from './camera.ts';
import { heating } from './past.ts';

const PICTURES = process.env.PICTURES ?? resolve(import.meta.dirname, '../../docs/pictures');
const HOUR = 3_600_000;
const DAYS = 400;
/** Of the simulated meter. */
const SERIAL_NUMBER = '84968362';
/** What it shows, less than a reading adds at once. */
const LATEST_GJ = 84.81;
const GJ_PER_KWH = 0.0036;
/** Of the house that `heating` tells of: one that is smaller. */
const SHARE = 0.5;

/** A year of hours, so that a month stands beside the one of the year before. */
function rememberYear(dataDir: string): void {
  const store = HistoryStore.open(join(dataDir, 'history.db'));
  const last = Math.floor(Date.now() / HOUR) * HOUR;
  let total = LATEST_GJ;
  const readings = Array.from({ length: DAYS * 24 }, (_, hoursAgo) => {
    const at = last - hoursAgo * HOUR;
    const kilowatts = heating(new Date(at)) * SHARE;
    total -= kilowatts * GJ_PER_KWH;
    const now = (quantity: string, unit: string, decimals: number, value: number) => ({
      quantity,
      unit,
      decimals,
      value: Number(value.toFixed(decimals)),
      isTotal: quantity === 'heat_energy',
      at,
    });
    return {
      serialNumber: SERIAL_NUMBER,
      name: 'House',
      values: [now('heat_energy', 'GJ', 3, total), now('power', 'kW', 1, kilowatts)],
    };
  });
  store?.add(readings.reverse(), 1e9);
  store?.close();
}

async function browser(
  url: string,
  size: { readonly width: number; readonly height: number },
): Promise<Page> {
  const chrome = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  onTestFinished(() => chrome.close());
  const context = await chrome.newContext({
    baseURL: url,
    locale: 'en-GB',
    timezoneId: 'Europe/Copenhagen',
    colorScheme: 'light',
    reducedMotion: 'reduce',
    viewport: size,
  });
  return context.newPage();
}

it('the page of the bridge', async () => {
  expect(existsSync(CHROMIUM), `${CHROMIUM}: install Chromium, or set CHROMIUM to where it is`).toBe(true);
  const house = await BuiltHouse.at();
  rememberYear(house.dataDir);
  house.plugIn();
  await house.start();

  const page = await browser(house.url, { width: 1000, height: 680 });
  await page.goto('');
  await page.getByText(/MULTICAL 403 · /).waitFor();
  await page.getByText(/Next in/).waitFor();
  await page.screenshot({ path: join(PICTURES, 'page-now.png') });
  await page.setViewportSize({ width: 1000, height: 740 });
  await page.goto('#/history/House');
  await page.getByText('The year before').first().waitFor();
  await page.screenshot({ path: join(PICTURES, 'page-history.png') });

  const phone = await browser(house.url, { width: 390, height: 780 });
  await phone.goto('#/place');
  await phone.getByRole('button', { name: 'Start' }).click();
  await phone.getByText('The head sits well').waitFor();
  await phone.screenshot({ path: join(PICTURES, 'page-place.png') });
});
