import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { BuiltHouse } from './support/built-house.ts';
import { expectUsable, PHONE, visitor } from './support/visitor.ts';

const SERIAL_NUMBER = '84968362';

it('sets up a meter of the built bridge, places its head, asks for a register and looks at its battery', async () => {
  const house = await BuiltHouse.at({}, { meters: [] });
  house.plugIn(1200);
  await house.start();
  const page = await visitor({ size: PHONE, locale: 'en-GB' });
  await page.goto(house.url);

  await page.getByLabel(/^Address/).fill(house.gateway);
  await page.getByRole('button', { name: 'Test' }).click();
  await page.getByText(`Found: MULTICAL 403, ${SERIAL_NUMBER}`).waitFor();
  await page.getByLabel(/^Name/).fill('Cellar');
  await expectUsable(page);
  await page.getByRole('button', { name: 'Save and read' }).click();
  const card = page.getByRole('article', { name: 'Cellar' });
  await page.getByRole('link', { name: 'See its values' }).click();
  await card.getByText('Answers').waitFor();
  const { meters } = JSON.parse(readFileSync(join(house.dataDir, 'bridge.json'), 'utf8'));
  expect(meters).toMatchObject([{ name: 'Cellar', port: `tcp://${house.gateway}`, schedule: 'hourly' }]);

  await page.goto(`${house.url}#/place`);
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByText('The head sits well').waitFor();
  await expectUsable(page);
  await page.getByRole('button', { name: 'Stop' }).click();

  // The port is the bridge's again.
  await page.goto(`${house.url}#/registers/Cellar`);
  await page.getByRole('cell', { name: 'Heat energy' }).first().waitFor();
  await page.getByLabel(/^Register ids/).fill('60');
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  const answer = page.getByRole('region', { name: 'Ask for any register' });
  await answer.getByText('84.').waitFor();
  await page.locator('summary', { hasText: 'answered' }).first().click();
  await page.getByText('Sent', { exact: true }).first().waitFor();
  await expectUsable(page);

  await page.goto(`${house.url}#/battery/Cellar`);
  await page.getByText('Readings today').waitFor();
  await page.getByText('Yours').waitFor();
  await expectUsable(page);
});
