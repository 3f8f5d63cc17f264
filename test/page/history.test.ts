import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { aBridge, aMeter, CONTENTS, consumption, course } from './support/household.ts';
import { type Call, Refusing, Stage } from './support/stage.ts';
import { expectUsable, PHONE, visitor } from './support/visitor.ts';

const CONSUMPTION = 'GET meters/House/history/consumption';
const COURSE = 'GET meters/House/history/course';

async function history(): Promise<Stage> {
  const stage = await new Stage().start();
  stage.replies.set('GET meters/House/history', () => CONTENTS);
  stage.replies.set(CONSUMPTION, ({ query }) => consumption(query));
  stage.replies.set(COURSE, ({ query }) => course(query));
  return stage;
}

async function opened(stage: Stage, page: Page): Promise<void> {
  await page.goto(`${stage.url}#/history/House`);
  await page.locator('.u-over').waitFor();
}

/** The stretches that were asked for last, newest first. */
function asked(stage: Stage, what: string): readonly Call[] {
  return stage.calls.filter((call) => call.what === what).toReversed();
}

it('compares the days of a month with those a year before, which begin where the meter is', async () => {
  const stage = await history();
  const page = await visitor();
  await opened(stage, page);
  const times = asked(stage, CONSUMPTION).map(({ query }) => Number(query.get('from')));
  const hours = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Europe/Copenhagen',
    day: 'numeric',
    hour: 'numeric',
  });
  expect(times.slice(0, 2).map((time) => hours.format(time))).toEqual(['1, 00', '1, 00']);
  expect(Math.round(Math.abs((times[0] ?? 0) - (times[1] ?? 0)) / 86_400_000)).toBeOneOf([365, 366]);
  await page.getByText('Året før').first().waitFor();
  await page.getByText('kr.').first().waitFor();
});

it('stays at the bar that somebody looks at when the next reading comes', async () => {
  const stage = await history();
  const used = (factor: number): void => {
    stage.replies.set(CONSUMPTION, ({ query }) => {
      const { bars, ...rest } = consumption(query);
      const all = bars.map((bar, index) => ({ ...bar, used: ((index + 1) * factor) / 1000 }));
      return { ...rest, bars: all };
    });
  };
  used(1);
  const page = await visitor();
  await opened(stage, page);
  await page.getByRole('slider').focus();
  await page.keyboard.press('Home');
  for (let bar = 2; bar <= 5; bar++) await page.keyboard.press('ArrowRight');
  await page.locator('[aria-valuenow="4"][aria-valuetext*=": 0,00500 MWh"]').waitFor();
  used(2);
  stage.tell('meter', aMeter({ lastReading: Date.now() }));
  await page.locator('[aria-valuenow="4"][aria-valuetext*=": 0,01000 MWh"]').waitFor();
  await page.keyboard.press('ArrowRight');
  await page.locator('[aria-valuenow="5"][aria-valuetext*=": 0,01200 MWh"]').waitFor();
  await page.keyboard.press('+');
  await page.locator('[aria-valuenow="0"][aria-valuetext*="Rør ved"]').waitFor();
  await page.keyboard.press('End');
  await page.locator('[aria-valuetext*=" MWh"]').waitFor();
});

it('leaves the keyboard at the button that has come to the latest there is', async () => {
  const stage = await history();
  const page = await visitor();
  await opened(stage, page);
  const label = page.locator('.steps strong');
  const latest = await label.innerText();
  await page.getByRole('button', { name: 'Tidligere' }).click();
  await label.getByText(latest).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Senere' }).focus();
  await page.keyboard.press('Enter');
  await page.locator('button[aria-disabled=true]:focus').waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Shift+Tab');
  await page.locator('button[aria-label=Tidligere]:focus').waitFor();
  expect(await label.innerText()).toBe(latest);
});

it('lists a count, which has no unit, by its name alone', async () => {
  const stage = await history();
  const [total] = CONTENTS.quantities;
  const events = { ...total, quantity: 'info_event_counter', label: 'Infohændelser', unit: '', decimals: 0 };
  const quantities = [...CONTENTS.quantities, events];
  stage.replies.set('GET meters/House/history', () => ({ ...CONTENTS, quantities }));
  const page = await visitor();
  await opened(stage, page);
  const options = await page.getByLabel('Størrelse').locator('option').allInnerTexts();
  expect([options[0], options.at(-1)]).toEqual(['Varmeenergi (MWh)', 'Infohændelser']);
});

it('stands each day beside the same one a year before, in the table and in words', async () => {
  const stage = await history();
  // A day is missing in the calendar of the one year or of the other, as on the 29th of February.
  stage.replies.set(CONSUMPTION, ({ query }) => {
    const { bars, ...rest } = consumption(query);
    const isPast = Number(query.get('to')) < Date.now() - 300 * 86_400_000;
    return { ...rest, bars: isPast ? bars.slice(1) : bars };
  });
  const page = await visitor();
  await opened(stage, page);
  await page.getByText('Som tabel').click();
  const cells = (row: number): Promise<string[]> =>
    page.locator('tbody tr').nth(row).locator('td').allInnerTexts();
  await page.locator('tbody tr').first().waitFor();
  expect((await cells(0)).slice(1)).toEqual(['0,00100 MWh', '']);
  expect((await cells(1))[2]).toBe('0,00200 MWh');
  await page.getByRole('slider').focus();
  await page.keyboard.press('Home');
  await page
    .locator('.readout')
    .getByText(/0,00100 MWh$/)
    .waitFor();
});

it('is asked and zoomed with keys alone, and read as a table', async () => {
  const stage = await history();
  const page = await visitor();
  await opened(stage, page);
  const chart = page.getByRole('slider', { name: 'Varmeenergi' });
  await chart.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await page.locator('[aria-valuetext*="0,00200 MWh"]').waitFor();
  const before = asked(stage, CONSUMPTION).length;
  await page.keyboard.press('+');
  await expect.poll(() => asked(stage, CONSUMPTION).length, { timeout: 60_000 }).toBeGreaterThan(before);
  await page.getByText('Som tabel').click();
  await page.getByRole('cell', { name: '0,00100 MWh' }).first().waitFor();
  await expectUsable(page);
});

it('opens a bar to what it is made of, and a drag to what it covers', async () => {
  const stage = await history();
  const page = await visitor();
  await opened(stage, page);
  await page.getByRole('button', { name: 'År', exact: true }).click();
  await expect.poll(() => asked(stage, CONSUMPTION)[0]?.query.get('by'), { timeout: 60_000 }).toBe('month');
  const place = page.locator('.u-over');
  await expect.poll(() => page.locator('.steps strong').innerText(), { timeout: 60_000 }).toMatch(/^\d{4}$/);
  await page.locator('[aria-valuemax="11"]').waitFor();
  await place.click({ position: { x: 40, y: 100 } });
  await expect.poll(() => asked(stage, CONSUMPTION)[0]?.query.get('by'), { timeout: 60_000 }).toBe('day');
  await page.locator('.steps strong').getByText('januar').waitFor();
  await page.locator('[aria-valuemax="30"]').waitFor();
  const box = await place.boundingBox();
  if (box === null) throw new Error('The chart is nowhere');
  await page.mouse.move(box.x + 2, box.y + 50);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 31, box.y + 60, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => asked(stage, CONSUMPTION)[0]?.query.get('by'), { timeout: 60_000 }).toBe('hour');
});

it('names the first and the last bar, also of a stretch that begins within one', async () => {
  const stage = await history();
  const page = await visitor();
  await opened(stage, page);
  for (const _ of [1, 2]) await page.getByRole('button', { name: 'Zoom ud' }).click();
  await expect.poll(() => asked(stage, CONSUMPTION)[0]?.query.get('by'), { timeout: 60_000 }).toBe('month');
  const label = await page.locator('.steps strong').innerText();
  const [, first, last] = /^1\. (\S+)(?: \d+)?\D+(?:28|29|30|31)\. (\S+)/.exec(label) ?? [];
  await page.getByText('Som tabel').click();
  const times = page.locator('tbody td:first-child');
  await times.first().waitFor();
  const rows = await times.allInnerTexts();
  for (const [row, month] of [
    [rows[0], first],
    [rows.at(-1), last],
  ])
    expect(row).toContain(month?.replace('.', ''));
  const csv = new URL((await page.getByRole('link', { name: 'CSV' }).getAttribute('href')) ?? '', stage.url);
  const starts = asked(stage, CONSUMPTION).map(({ query }) => query.get('from'));
  expect(starts).toContain(csv.searchParams.get('from'));
});

it('draws flow and return together, and gives what is shown as CSV', async () => {
  const stage = await history();
  const page = await visitor({ size: PHONE, dark: true });
  await opened(stage, page);
  await page.getByLabel('Størrelse').selectOption('flow_temperature');
  await expect.poll(() => asked(stage, COURSE).length, { timeout: 60_000 }).toBe(2);
  expect(
    asked(stage, COURSE)
      .map(({ query }) => query.get('quantity'))
      .toSorted(),
  ).toEqual(['flow_temperature', 'return_temperature']);
  await page.locator('.key.line1').waitFor();
  const csv = (await page.getByRole('link', { name: 'CSV' }).getAttribute('href')) ?? '';
  expect(csv).toMatch(
    /^api\/v1\/meters\/House\/history\/course\.csv\?quantity=flow_temperature&from=\d+&to=\d+/,
  );
  await expectUsable(page);
});

/** How many dots of each colour a line of the chart has, from one part of its width to another. */
async function dots(page: Page, from: number, to: number): Promise<{ warm: number; cool: number }> {
  return page.evaluate(`(() => {
    const canvas = document.querySelector('.u-wrap canvas');
    const place = document.querySelector('.u-over');
    if (canvas === null || place === null) return { warm: 0, cool: 0 };
    const [left, width] = [place.offsetLeft, place.clientWidth];
    const { data } = canvas.getContext('2d').getImageData(left + width * ${from}, 0, width * ${to - from}, canvas.height);
    const count = { warm: 0, cool: 0 };
    for (let dot = 0; dot < data.length; dot += 4) {
      const [red, , blue, opacity] = data.slice(dot, dot + 4);
      if (opacity > 128 && red - blue > 100) count.warm++;
      if (opacity > 128 && blue - red > 100) count.cool++;
    }
    return count;
  })()`);
}

it('draws no line where nothing was read, also of two that are shown together', async () => {
  const stage = await history();
  const isOut = (part: number): boolean => part > 0.3 && part < 0.7;
  stage.replies.set(COURSE, ({ query }) => course(query, isOut));
  const page = await visitor({ expected: /willReadFrequently/ });
  await opened(stage, page);
  await page.getByLabel('Størrelse').selectOption('flow_temperature');
  await page.locator('.key.line1').waitFor();
  await expect.poll(async () => (await dots(page, 0, 0.25)).warm, { timeout: 60_000 }).toBeGreaterThan(0);
  expect(await dots(page, 0.35, 0.65)).toEqual({ warm: 0, cool: 0 });

  // One sensor alone is out.
  stage.replies.set(COURSE, ({ query }) =>
    course(query, query.get('quantity') === 'return_temperature' ? isOut : undefined),
  );
  await page.getByRole('button', { name: 'Tidligere' }).click();
  await expect.poll(async () => (await dots(page, 0.35, 0.65)).warm, { timeout: 60_000 }).toBeGreaterThan(0);
  expect((await dots(page, 0.35, 0.65)).cool).toBe(0);
  await page.locator('.u-over').hover();
  await page
    .locator('.readout')
    .getByText(/Fremløb \d.* · Retur –$/)
    .waitFor();
});

it('follows two fingers that are drawn apart', async () => {
  const stage = await history();
  const page = await visitor({ size: PHONE });
  await opened(stage, page);
  const box = await page.locator('.u-over').boundingBox();
  if (box === null) throw new Error('The chart is nowhere');
  const [middle, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const session = await page.context().newCDPSession(page);
  const fingers = (apart: number): { x: number; y: number; id: number }[] => [
    { x: middle - apart, y, id: 0 },
    { x: middle + apart, y, id: 1 },
  ];
  const before = asked(stage, CONSUMPTION).length;
  await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: fingers(10) });
  await session.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: fingers(60) });
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await expect.poll(() => asked(stage, CONSUMPTION).length, { timeout: 60_000 }).toBeGreaterThan(before);
  const { query } = asked(stage, CONSUMPTION)[0] ?? {};
  const days = (Number(query?.get('to')) - Number(query?.get('from'))) / 86_400_000;
  expect(days).toBeLessThan(12);
});

it('says from when on it is counted, where nothing was read near the beginning of a bar', async () => {
  const stage = await history();
  stage.replies.set(CONSUMPTION, ({ query }) => {
    const { bars, ...rest } = consumption(query);
    return { ...rest, bars: bars.map((bar) => ({ ...bar, since: bar.from + 11 * 3_600_000 })) };
  });
  const page = await visitor({ size: PHONE });
  await opened(stage, page);
  await page
    .locator('.sums')
    .getByText(/talt siden 1\. .* 11\.00\.00/)
    .waitFor();
  await page.getByRole('slider', { name: 'Varmeenergi' }).focus();
  await page.keyboard.press('Home');
  await page
    .locator('.readout')
    .getByText(/0,00100 MWh, talt siden/)
    .waitFor();
  await page.getByText('Som tabel').click();
  await page
    .getByRole('cell', { name: /talt siden/ })
    .first()
    .waitFor();
  await expectUsable(page);
});

it('marks what the meter wrote down itself, this year and in the one before', async () => {
  const stage = await history();
  stage.replies.set(CONSUMPTION, ({ query }) => {
    const { bars, ...rest } = consumption(query);
    const isPast = Number(query.get('to')) < Date.now() - 300 * 86_400_000;
    const logged = (index: number): boolean => isPast || index < 3;
    return {
      ...rest,
      bars: bars.map((bar, index) => (logged(index) ? { ...bar, used: 0.5, source: 'log' as const } : bar)),
    };
  });
  const page = await visitor({ size: PHONE });
  await opened(stage, page);
  await page.locator('.sums').getByText('3 fra målerens egen log').waitFor();
  await page.getByRole('slider', { name: 'Varmeenergi' }).focus();
  await page.keyboard.press('Home');
  await page
    .locator('.readout')
    .getByText(/^[^(]* 0,50000 MWh, fra målerens egen log \(.* 0,50000 MWh, fra målerens egen log\)$/)
    .waitFor();
  await page.getByText('Som tabel').click();
  await page.getByRole('cell', { name: '0,50000 MWh fra målerens egen log' }).first().waitFor();
  await expectUsable(page);
});

it('has what the meter wrote down as soon as it is read', async () => {
  const stage = await history();
  const day = 24 * 3_600_000;
  const since = (days: number) => ({
    ...CONTENTS,
    quantities: CONTENTS.quantities.map((each) => ({ ...each, first: Date.now() - days * day })),
  });
  stage.replies.set('GET meters/House/history', () => since(1));
  const reading = aMeter({ readingLog: { logger: 'day', rows: 1, of: 460 } });
  stage.state = aBridge({ meters: [reading] });
  const page = await visitor();
  await opened(stage, page);
  const before = asked(stage, CONSUMPTION).length;
  stage.replies.set('GET meters/House/history', () => since(1_200));
  stage.tell('meter', { ...reading, readingLog: null });
  await expect.poll(() => asked(stage, CONSUMPTION).length, { timeout: 60_000 }).toBeGreaterThan(before);
  await page.getByRole('button', { name: 'Alt', exact: true }).click();
  await expect
    .poll(() => Number(asked(stage, CONSUMPTION)[0]?.query.get('from')), { timeout: 60_000 })
    .toBeLessThan(Date.now() - 1_100 * day);
});

it('shows an answer with what it was asked for alone: nothing of it stays under another title', async () => {
  const stage = await history();
  const page = await visitor({ expected: /503/ });
  await opened(stage, page);
  await page.getByText('Som tabel').click();
  const card = page.locator('.history');
  const old = /0,00100|kr\./;
  await card.getByText(old).first().waitFor();
  let give = (): void => undefined;
  const held = new Promise<void>((given) => {
    give = given;
  });
  stage.replies.set(CONSUMPTION, async ({ query }) => {
    await held;
    return consumption(query);
  });
  await page.getByRole('button', { name: 'Tidligere' }).click();
  await page.locator('.readout').getByText('Henter').waitFor();
  expect(await card.innerText()).not.toMatch(old);
  expect(await page.locator('.u-over').count()).toBe(0);
  give();
  await card.getByText(old).first().waitFor();

  stage.replies.set(CONSUMPTION, () => new Refusing(503, 'The history is being repaired.'));
  await page.getByRole('button', { name: 'År', exact: true }).click();
  await card.getByText('The history is being repaired.').waitFor();
  expect(await card.innerText()).not.toMatch(old);
  expect(await page.locator('.u-over').count()).toBe(0);
  await page.getByLabel('Størrelse').selectOption('power');
  await page.locator('.u-over').waitFor();
  expect(await card.innerText()).not.toMatch(/repaired/);
});

it('shows nothing of one meter under the name of another, whose history does not come', async () => {
  const stage = await history();
  stage.state = aBridge({ meters: [aMeter(), aMeter({ name: 'Water' })] });
  stage.replies.set('GET meters/Water/history', () => CONTENTS);
  stage.replies.set('GET meters/Water/history/consumption', () => new Refusing(503, 'Not now.'));
  const page = await visitor({ expected: /503/ });
  await opened(stage, page);
  await page.locator('.sums').getByText('kr.').waitFor();
  await page.getByRole('combobox').first().selectOption('Water');
  await page.getByText('Not now.').waitFor();
  expect(await page.locator('.history').innerText()).not.toMatch(/MWh|kr\./);
});

it('keeps what it shows where the same cannot be asked for again', async () => {
  const stage = await history();
  const page = await visitor({ expected: /503/ });
  await opened(stage, page);
  await page.locator('.sums').getByText('kr.').waitFor();
  stage.replies.set(CONSUMPTION, () => new Refusing(503, 'Not now.'));
  const before = asked(stage, CONSUMPTION).length;
  stage.tell('meter', aMeter({ lastReading: Date.now() }));
  await expect.poll(() => asked(stage, CONSUMPTION).length, { timeout: 60_000 }).toBe(before + 2);
  await page.getByRole('slider').focus();
  await page.keyboard.press('Home');
  await page.locator('.readout').getByText('0,00100 MWh').waitFor();
  expect(await page.locator('.history').innerText()).not.toMatch('Not now.');
});

it('says that a meter is not known yet, and why', async () => {
  const stage = await history();
  const problem = 'The disk is full: nothing is kept until there is room.';
  stage.replies.set('GET meters/House/history', () => ({ ...CONTENTS, problem, quantities: [] }));
  const page = await visitor();
  await page.goto(`${stage.url}#/history/House`);
  await page.getByText(problem).waitFor();
  await page.getByText(/endnu intet gemt/).waitFor();
});
