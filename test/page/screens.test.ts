import { describe, expect, it } from 'vitest';
import { BATTERY, CONTENTS, consumption, course, EXCHANGES, REGISTERS } from './support/household.ts';
import { Stage } from './support/stage.ts';
import { DESKTOP, expectUsable, PHONE, visitor } from './support/visitor.ts';

/** A bridge of which every screen has something to show. */
async function wholeStage(): Promise<Stage> {
  const stage = await new Stage().start();
  stage.log = [{ time: Date.now(), level: 'warn', message: 'House: no answer, trying again' }];
  stage.replies.set('GET meters/House/history', () => CONTENTS);
  stage.replies.set('GET meters/House/history/consumption', ({ query }) => consumption(query));
  stage.replies.set('GET meters/House/history/course', ({ query }) => course(query));
  stage.replies.set('GET meters/House/registers', () => REGISTERS);
  stage.replies.set('GET meters/House/exchanges', () => EXCHANGES);
  stage.replies.set('GET meters/House/battery', () => BATTERY);
  const ports = [{ port: '/dev/ttyUSB9', what: 'Prolific PL2303' }];
  stage.replies.set('GET setup', () => ({ target: 'file', problem: null, ports, used: [] }));
  return stage;
}

/** Each screen, and what is on it when it is there. */
const SCREENS = [
  ['now', 'article'],
  ['history', '.u-over'],
  ['place', 'm2m-port-field .option'],
  ['battery', '.days'],
  ['registers', '.exchange'],
  ['outputs', '.counts'],
  ['log', '.log li'],
  ['setup', 'm2m-port-field .option'],
  ['more', 'nav.list'],
] as const;

describe.each([
  ['a phone', PHONE],
  ['a desktop', DESKTOP],
])('on %s', (_, size) => {
  it.each(SCREENS)('the screen %s is in nobody’s way, by day and by night', async (screen, sign) => {
    const stage = await wholeStage();
    for (const dark of [false, true]) {
      const page = await visitor({ size, dark });
      await page.goto(`${stage.url}#/${screen}`);
      await page.locator(sign).first().waitFor();
      await expectUsable(page);
    }
  });
});

it('loads less than 100 KB before it shows the meters, and what else there is when it is opened', async () => {
  const stage = await wholeStage();
  const page = await visitor();
  await page.goto(stage.url);
  await page.locator('article').waitFor();
  await page.waitForLoadState('networkidle');
  const first = stage.sent.map(({ name }) => name);
  expect(first.length).toBeGreaterThan(3);
  expect(stage.sent.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(100_000);
  expect(first.filter((name) => name.startsWith('history'))).toEqual([]);
  await page.getByRole('navigation').getByText('Historik').first().click();
  await page.locator('.u-over').waitFor();
  expect(stage.sent.some(({ name }) => name.startsWith('history'))).toBe(true);
});

it('has every other screen where the file of one did not come, and that one as soon as it is opened again', async () => {
  const stage = await wholeStage();
  const page = await visitor({ expected: /ERR_FAILED/ });
  const bar = page.getByRole('navigation').first();
  const missing = page.getByText('Siden kunne ikke hentes');
  const refused: string[] = [];
  await page.route(/\/battery-[^/]*\.js/, (route) => {
    refused.push(route.request().url());
    return route.abort();
  });
  await page.goto(stage.url);
  await bar.getByText('Batteri').click();
  await missing.waitFor();
  await expectUsable(page);
  await bar.getByText('Nu', { exact: true }).click();
  await page.locator('article').waitFor();
  await bar.getByText('Log', { exact: true }).click();
  await page.locator('.log li').waitFor();

  // Each wish loads it once more, and no more than that.
  await bar.getByText('Batteri').click();
  await expect.poll(() => refused.length, { timeout: 60_000 }).toBe(2);
  await missing.waitFor();
  await page.unroute(/\/battery-[^/]*\.js/);
  await bar.getByText('Nu', { exact: true }).click();
  await page.locator('article').waitFor();
  expect(refused).toHaveLength(2);
  await bar.getByText('Batteri').click();
  await page.locator('.days').waitFor();
});

it('stays where it is while the bridge is away, and loads the page anew when somebody says so', async () => {
  const stage = await wholeStage();
  const page = await visitor({ expected: /ERR_/ });
  const bar = page.getByRole('navigation').first();
  await page.goto(stage.url);
  await page.locator('article').waitFor();
  await expect.poll(() => stage.listening, { timeout: 60_000 }).toBe(1);
  await stage.stop();
  await bar.getByText('Batteri').click();
  await page.getByText('Siden kunne ikke hentes').waitFor();
  await page.getByText('Broen svarer ikke').waitFor();
  await page.getByRole('button', { name: 'Genindlæs siden' }).click();
  await bar.getByText('Nu', { exact: true }).click();
  await page.locator('article').waitFor();
  await stage.start();
  await page.getByText('Broen svarer ikke').waitFor({ state: 'detached' });
  await bar.getByText('Batteri').click();
  await page.locator('.days').waitFor();
});

it('opens a screen whose address somebody typed with a sign that is no escape', async () => {
  const stage = await wholeStage();
  const page = await visitor();
  await page.goto(`${stage.url}#/history/100%`);
  await page.locator('.u-over').waitFor();
  await page.goto(`${stage.url}#/battery/100%`);
  await page.locator('.days').waitFor();
});

it('speaks the first language of the reader that it knows, and asks the bridge for the same', async () => {
  const stage = await wholeStage();
  for (const [locale, word, asked] of [
    ['sv-SE', 'Historik', 'sv'],
    ['de-AT', 'Verlauf', 'de'],
    ['nl-NL', 'Geschiedenis', 'nl'],
    ['fi-FI', 'History', 'en'],
  ] as const) {
    const page = await visitor({ locale });
    await page.goto(stage.url);
    await page.locator('.bar').getByText(word).waitFor();
    expect(stage.calls.at(-1)?.query.get('language')).toBe(asked);
  }
});
