import { expect, it } from 'vitest';
import { aBridge, aMeter, BATTERY, EXCHANGES, REGISTERS } from './support/household.ts';
import { Refusing, Stage } from './support/stage.ts';
import { expectUsable, PHONE, visitor } from './support/visitor.ts';

async function tools(): Promise<Stage> {
  const stage = await new Stage().start();
  stage.replies.set('GET meters/House/registers', () => REGISTERS);
  stage.replies.set('GET meters/House/exchanges', () => EXCHANGES);
  stage.replies.set('GET meters/House/battery', () => BATTERY);
  return stage;
}

it('registers are found by name, and a number that identifies keeps its digits together', async () => {
  const stage = await tools();
  const page = await visitor();
  await page.goto(`${stage.url}#/registers`);
  await page.getByRole('cell', { name: '12.849,28 MWh' }).waitFor();
  await page.getByRole('cell', { name: '69000001' }).first().waitFor();
  await page.getByRole('searchbox').fill('1001');
  await page.getByRole('cell', { name: '12.849,28 MWh' }).waitFor({ state: 'detached' });
});

it('any register is asked for, by its number either way, and only when somebody says so', async () => {
  const stage = await tools();
  stage.replies.set('POST meters/House/ask', () => [REGISTERS[2]]);
  const page = await visitor({ size: PHONE });
  await page.goto(`${stage.url}#/registers`);
  const field = page.getByLabel(/^Register-id/);
  await field.fill('house');
  await page.getByRole('button', { name: 'Spørg' }).click();
  await page.getByText(/tal fra 0 til 65535/).waitFor();
  expect(stage.calls.some(({ what }) => what.startsWith('POST'))).toBe(false);
  await field.fill('555, 0x3C');
  await page.getByRole('button', { name: 'Spørg' }).click();
  await page.getByRole('status').getByText('Ukendt register').waitFor();
  expect(stage.calls.at(-1)?.body).toEqual({ ids: [555, 60] });
  await expectUsable(page);
});

it('what one meter answered, or why it did not, never stands under the name of another', async () => {
  const stage = await tools();
  stage.state = aBridge({ meters: [aMeter(), aMeter({ name: 'Water' })] });
  for (const what of ['registers', 'exchanges']) stage.replies.set(`GET meters/Water/${what}`, () => []);
  stage.replies.set('GET meters/Water/battery', () => BATTERY);
  let give = (): void => undefined;
  const held = new Promise<void>((given) => {
    give = given;
  });
  stage.replies.set('POST meters/House/ask', async () => {
    await held;
    return [REGISTERS[2]];
  });
  const page = await visitor({ expected: /503/ });
  await page.goto(`${stage.url}#/registers/House`);
  await page.getByLabel(/^Register-id/).fill('555');
  await page.getByRole('button', { name: 'Spørg' }).click();
  await expect
    .poll(() => stage.calls.some(({ what }) => what.endsWith('/ask')), { timeout: 60_000 })
    .toBe(true);
  await page.getByRole('combobox').first().selectOption('Water');
  await page.getByText('Intet fundet.').waitFor();
  give();
  await page.getByRole('button', { name: 'Spørg' }).waitFor();
  expect(await page.getByText('Ukendt register').count()).toBe(0);

  stage.replies.set('GET meters/House/battery', () => new Refusing(503, 'Not now.'));
  await page.goto(`${stage.url}#/battery/House`);
  await page.getByText('Not now.').waitFor();
  await page.getByRole('combobox').first().selectOption('Water');
  await page.getByText('Not now.').waitFor({ state: 'detached' });
});

it('the line is told byte by byte, and copied without the meter’s number unless it is wanted', async () => {
  const stage = await tools();
  const page = await visitor();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(`${stage.url}#/registers`);
  await page.locator('.exchange summary').click();
  await page.getByText('serial number 69000001').waitFor();
  const clipboard = (): Promise<string> => page.evaluate('navigator.clipboard.readText()');
  await page.getByRole('button', { name: 'Kopiér til en fejlmelding' }).click();
  await page.getByText('Målernummeret er skjult').waitFor();
  expect(await clipboard()).toContain('serial number ••••••••');
  expect(await clipboard()).not.toMatch(/69000001|04 1C DB 41|8A 3E/);
  await page.getByLabel('Med målernummeret').check();
  await page.getByRole('button', { name: 'Kopiér til en fejlmelding' }).click();
  await page.getByText('Kopieret, med målernummeret.').waitFor();
  expect(await clipboard()).toContain('69000001');
  await expectUsable(page);
});

it('the battery’s account stands beside what the maker assumes', async () => {
  const stage = await tools();
  const page = await visitor();
  await page.goto(`${stage.url}#/battery`);
  await page.getByText(/batterilevetid regner med \(24 aflæsninger om dagen\): 1,0×/).waitFor();
  await page.getByRole('row', { name: /saver Din.*Hver time, i minut 59/ }).waitFor();
  await page.getByRole('row', { name: /5 \* \* \* \* Som i konfigurationen/ }).waitFor();
  await page.getByText('Som tabel').click();
  await page.getByRole('cell', { name: '13. nov.' }).waitFor();
  await expectUsable(page);
});

it('the battery is judged by the schedule while little was read, and never called as assumed for less', async () => {
  const stage = await tools();
  const own = { name: '* * * * *', words: 'as in the configuration', readingsADay: 1441, ratio: 60.04 };
  const presets = [{ ...own, isOurs: true }];
  stage.replies.set('GET meters/House/battery', () => ({ ...BATTERY, ratio: 0.1, isJudged: false, presets }));
  const page = await visitor();
  await page.goto(`${stage.url}#/battery`);
  await page
    .locator('.note.bad')
    .getByText(/aflæses måleren 60× så ofte/)
    .waitFor();
  expect(await page.locator('m2m-battery').innerText()).not.toContain('0,1×');
  await expectUsable(page);
  stage.replies.set('GET meters/House/battery', () => ({ ...BATTERY, ratio: 0.5 }));
  await page.reload();
  await page
    .locator('.note.good')
    .getByText(/^Mindre end producentens tabeller .*: 0,5×/)
    .waitFor();
});

it('outputs say what waits and what was refused, and the log is searched', async () => {
  const stage = await tools();
  stage.log = ['House: read', 'Garage: no answer'].map((message) => ({
    time: Date.now(),
    level: 'info',
    message,
  }));
  const page = await visitor();
  await page.goto(`${stage.url}#/outputs`);
  const card = page.getByRole('article', { name: 'InfluxDB' });
  await card.getByText('InfluxDB refused three points: a field has another type.').waitFor();
  expect((await card.innerText()).replace(/\s+/g, ' ')).toMatch(/Venter 412 Afvist 3/);
  const broker = page.getByRole('article', { name: 'MQTT-broker' });
  // Nobody counts there.
  expect((await broker.innerText()).replace(/\s+/g, ' ')).toBe('MQTT-broker Virker mqtt://broker:1883');
  await page.getByRole('link', { name: 'Log', exact: true }).click();
  await page.getByRole('searchbox').fill('garage');
  expect(await page.locator('.log li').count()).toBe(1);
  stage.tell('log', { time: Date.now(), level: 'warn', message: 'Garage: again no answer' });
  await page.getByText('Garage: again no answer').waitFor();
});
