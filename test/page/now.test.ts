import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { aBridge, aMeter } from './support/household.ts';
import { Refusing, Stage } from './support/stage.ts';
import { expectUsable, PHONE, visitor } from './support/visitor.ts';

describe('a meter’s card', () => {
  it('shows exactly the digits of the meter, in the reader’s way, and how much the house cooled the water', async () => {
    const stage = await new Stage().start();
    const page = await visitor();
    await page.goto(stage.url);
    const card = page.getByRole('article', { name: 'House' });
    await card.getByText('12.849,28170').waitFor();
    const text = await card.innerText();
    expect(text).toContain('27,27 K');
    expect(text).toContain('19,03 kr.');
    expect(text).not.toContain('12.849,28 ');
  });

  it('asks for a reading once, shows how far it is, and then the new value', async () => {
    const stage = await new Stage().start();
    stage.replies.set('POST meters/House/read', () => ({}));
    const page = await visitor({ size: PHONE });
    await page.goto(stage.url);
    await eventually(() => stage.listening === 1);
    await page.getByRole('button', { name: /Aflæs nu/ }).click();
    await eventually(() => stage.calls.some(({ what }) => what.startsWith('POST')));
    stage.tell('meter', aMeter({ reading: { since: Date.now(), asked: 4, of: 14 } }));
    await page.locator('progress[value="4"]').waitFor();
    expect(await page.getByRole('button', { name: /Aflæser/ }).isDisabled()).toBe(true);
    stage.tell('meter', aMeter({ glance: [{ ...value, value: '12849.28201' }] }));
    await page.getByText('12.849,28201').waitFor();
  });

  it('leaves the keyboard where it is while a reading runs, which is asked for once', async () => {
    const stage = await new Stage().start();
    stage.replies.set('POST meters/House/read', () => ({}));
    const page = await visitor();
    await page.goto(stage.url);
    const button = page.getByRole('button', { name: /^Aflæs/ });
    await button.focus();
    await page.keyboard.press('Enter');
    await page.locator('button:focus').getByText('Aflæser').waitFor();
    await page.keyboard.press('Enter');
    stage.tell('meter', aMeter({ reading: { since: Date.now(), asked: 4, of: 14 } }));
    await page.locator('progress[value="4"]').waitFor();
    await page.keyboard.press('Enter');
    stage.tell('meter', aMeter({ reading: null }));
    await page.locator('button:focus').getByText('Aflæs nu').waitFor();
    expect(stage.calls.filter(({ what }) => what.startsWith('POST'))).toHaveLength(1);
  });

  it('shows how much of the meter’s own log is read, whichever it is', async () => {
    const stage = await new Stage().start();
    const log = { logger: 'day', rows: 120, of: 460 };
    stage.state = aBridge({ meters: [aMeter({ readingLog: log })] });
    const page = await visitor({ size: PHONE });
    await page.goto(stage.url);
    await page.getByText('Læser målerens egen log: 120 af 460 dage').waitFor();
    await page.locator('.log-progress progress[value="120"][max="460"]').waitFor();
    await expectUsable(page);
    stage.tell('meter', aMeter({ readingLog: { ...log, logger: 'minute-1' } }));
    await page.getByText('120 af 460 rækker').waitFor();
    stage.tell('meter', aMeter());
    await page.getByText(/målerens egen log/).waitFor({ state: 'detached' });
  });

  it('tells the age of what was read before the start, by which nobody takes it for what is now', async () => {
    const stage = await new Stage().start();
    const read = (readAt: number) =>
      aMeter({
        online: null,
        lastReading: null,
        glance: aMeter().glance.map((one) => ({ ...one, readAt })),
      });
    stage.state = aBridge({ meters: [read(Date.now() - 3.5 * 3_600_000)] });
    const page = await visitor({ size: PHONE });
    await page.goto(stage.url);
    const card = page.getByRole('article', { name: 'House' });
    await card.locator('.pill').getByText('Ikke aflæst siden start').waitFor();
    await card
      .locator('.times')
      .getByText(/Aflæst 3 t\S* siden/)
      .waitFor();
    await card
      .locator('.today')
      .getByText(/3 t\S* siden/)
      .waitFor();
    expect(await card.innerText()).not.toContain('Ikke aflæst endnu');
    await expectUsable(page);
    stage.tell('meter', read(0));
    await card.locator('.times').getByText('Fra før starten').waitFor();
    stage.tell('meter', aMeter());
    await card
      .locator('.times')
      .getByText(/^Aflæst/)
      .waitFor();
    expect(await card.locator('.today').innerText()).not.toContain('siden');
  });

  it('tells in the table of many meters too how old their values are', async () => {
    const stage = await new Stage().start();
    const glance = aMeter().glance.map((one) => ({ ...one, readAt: Date.now() - 3.5 * 3_600_000 }));
    const meters = Array.from({ length: 7 }, (_, index) =>
      aMeter({ name: `Flat ${index}`, online: null, lastReading: null, glance }),
    );
    stage.state = aBridge({ meters });
    const page = await visitor();
    await page.goto(stage.url);
    await page.getByRole('row', { name: /Flat 3 .* 3 t\S* siden/ }).waitFor();
  });

  it('says why a reading was refused', async () => {
    const stage = await new Stage().start();
    stage.replies.set('POST meters/House/read', () => new Refusing(409, 'No readings are left today.'));
    const page = await visitor({ expected: /409/ });
    await page.goto(stage.url);
    await page.getByRole('button', { name: /Aflæs nu/ }).click();
    await page.getByText('No readings are left today.').waitFor();
    await expectUsable(page);
  });

  it('tells what is wrong in the bridge’s own words', async () => {
    const stage = await new Stage().start();
    const lastError = 'The meter did not answer. Press a button on it.';
    stage.state = aBridge({ meters: [aMeter({ online: false, lastError, problems: ['Leakage'] })] });
    const page = await visitor({ dark: true });
    await page.goto(stage.url);
    await page.getByText(lastError).waitFor();
    await page.getByText('Leakage').waitFor();
    await page.getByText('Svarer ikke').waitFor();
    await expectUsable(page);
  });
});

const value = { quantity: 'heat_energy_fine', label: 'Varmeenergi', unit: 'MWh', readAt: Date.now() };

describe('a thousand meters', () => {
  async function fleet(): Promise<Stage> {
    const stage = await new Stage().start();
    const meters = Array.from({ length: 1000 }, (_, index) =>
      aMeter({
        name: `Flat ${index + 1}`,
        serialNumber: String(69_000_000 + index),
        ...(index === 776 ? { online: false } : {}),
      }),
    );
    stage.state = aBridge({ meters });
    return stage;
  }

  it('are a table, those with a fault first, and found by name or number', async () => {
    const stage = await fleet();
    const page = await visitor();
    await page.goto(stage.url);
    const rows = page.locator('tbody tr');
    await rows.first().waitFor();
    expect(await rows.first().innerText()).toContain('Flat 777');
    expect(await rows.count()).toBe(50);
    await expectUsable(page);
    await page.getByRole('searchbox').fill('69000041');
    await page.getByText('1 til 1 af 1').waitFor();
    await page.getByRole('link', { name: 'Flat 42' }).click();
    await page.getByRole('article', { name: 'Flat 42' }).waitFor();
  });

  it('are sorted by what one taps', async () => {
    const stage = await fleet();
    const page = await visitor({ size: PHONE });
    await page.goto(stage.url);
    await page.getByRole('button', { name: 'Måler', exact: true }).click();
    await page.locator('tbody tr').first().getByText('Flat 1', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Måler', exact: true }).click();
    await page.locator('tbody tr').first().getByText('Flat 1000').waitFor();
    await page.getByRole('button', { name: 'Næste' }).click();
    await page.getByText('51 til 100 af 1000').waitFor();
    await expectUsable(page);
  });
});

describe('while the page is open', () => {
  it('the bridge may go and come back: the page says so and follows again', async () => {
    const stage = await new Stage().start();
    const page = await visitor({ expected: /ERR_|Failed to load/ });
    await page.goto(stage.url);
    await eventually(() => stage.listening === 1);
    await stage.stop();
    await page.getByText(/Broen svarer ikke/).waitFor();
    await page.getByText('12.849,28170').waitFor();
    stage.state = aBridge({ meters: [aMeter({ glance: [{ ...value, value: '12850.00000' }] })] });
    await stage.start();
    await page.getByText('12.850,00000').waitFor();
    await page.getByText(/Broen svarer ikke/).waitFor({ state: 'detached' });
  });

  it('it follows where something between holds the events back', async () => {
    const stage = await new Stage().start();
    stage.replies.set('GET events', (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.flushHeaders();
    });
    const page = await visitor();
    await page.goto(stage.url);
    await page.getByText('12.849,28170').waitFor();
    stage.state = aBridge({ meters: [aMeter({ glance: [{ ...value, value: '12850.00000' }] })] });
    await page.getByText('12.850,00000').waitFor();
  });

  it('asks for the password when the bridge wants one, and goes on where it was', async () => {
    const stage = await new Stage().start();
    let open = false;
    stage.replies.set('GET state', () => (open ? stage.state : new Refusing(401, 'Log in first.')));
    stage.replies.set('POST session', ({ body }) => {
      open = (body as { password: string }).password === 'right';
      return open ? {} : new Refusing(401, 'That is not the password.');
    });
    const page = await visitor({ size: PHONE, expected: /401/ });
    await page.goto(stage.url);
    await page.getByLabel('Adgangskode').fill('wrong');
    await page.getByRole('button', { name: 'Log ind' }).click();
    await page.getByText('That is not the password.').waitFor();
    await expectUsable(page);
    await page.getByLabel('Adgangskode').fill('right');
    await page.getByRole('button', { name: 'Log ind' }).click();
    await page.getByText('12.849,28170').waitFor();
  });
});
