import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, expect, onTestFinished } from 'vitest';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
export const PHONE = { width: 360, height: 740 };
export const DESKTOP = { width: 1600, height: 1000 };

/** Chromium does not always take its temporary files with it. */
let folder: string | undefined;
let browser: Promise<Browser> | undefined;
afterAll(async () => {
  await (await browser)?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true, maxRetries: 10 });
});

function launched(): Promise<Browser> {
  folder = mkdtempSync(join(tmpdir(), 'chromium-'));
  const env = { ...process.env, TMPDIR: folder };
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'], env });
}

interface Eyes {
  readonly size?: typeof PHONE;
  readonly dark?: boolean;
  readonly locale?: string;
  /** What the console may say all the same: Chromium tells of each answer that is no success. */
  readonly expected?: RegExp;
}

/** Somebody with a browser of their own, at whose end the console has said nothing. */
export async function visitor({
  size = DESKTOP,
  dark = false,
  locale = 'da-DK',
  expected,
}: Eyes = {}): Promise<Page> {
  browser ??= launched();
  const context = await (await browser).newContext({
    locale,
    timezoneId: 'Europe/Copenhagen',
    viewport: size,
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
    hasTouch: size === PHONE,
  });
  const page = await context.newPage();
  const said: string[] = [];
  page.on('pageerror', (error) => said.push(error.message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) said.push(message.text());
  });
  onTestFinished(async () => {
    await context.close();
    expect(said.filter((text) => expected?.test(text) !== true)).toEqual([]);
  });
  return page;
}

/** Nothing that axe knows to be in somebody's way, and nothing beyond the edge. From outside: the page allows no scripts. */
export async function expectUsable(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const expression = `${axe.source};axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ target }) => target.join(' ')).join(', ')))`;
  const { result } = await session.send('Runtime.evaluate', {
    expression,
    awaitPromise: true,
    returnByValue: true,
  });
  expect(result.value).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
}
