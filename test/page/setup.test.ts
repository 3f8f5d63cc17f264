import { expect, it } from 'vitest';
import type { TestedPort } from '../../src/web/api.ts';
import { aBridge } from './support/household.ts';
import { Stage } from './support/stage.ts';
import { expectUsable, PHONE, visitor } from './support/visitor.ts';

const FOUND: TestedPort = {
  ok: true,
  meter: {
    serialNumber: '69000001',
    model: 'MULTICAL 403',
    kind: 'heat',
    advice: ['The eye of a 403 stays awake by itself.'],
    proposedName: 'Heat',
    proposedSchedule: { preset: 'hourly', why: 'It is what the maker reckons with.' },
  },
  problem: null,
  advice: [],
};
const SILENT: TestedPort = {
  ok: false,
  meter: null,
  problem: 'Nothing answered.',
  advice: ['Press a button.'],
};

async function empty(): Promise<Stage> {
  const stage = await new Stage().start();
  stage.state = aBridge({ needsSetup: true, meters: [] });
  const ports = [{ port: '/dev/ttyUSB0', what: 'Silicon Labs CP2102N' }];
  stage.replies.set('GET setup', () => ({ target: 'file', problem: null, ports, used: [] }));
  return stage;
}

it('is the first that is seen without a meter, and adds the one that was found', async () => {
  const stage = await empty();
  stage.replies.set('POST setup/test', () => FOUND);
  stage.replies.set('POST setup', () => ({ problems: [] }));
  const page = await visitor({ size: PHONE });
  await page.goto(stage.url);
  await page.getByText('Silicon Labs CP2102N').waitFor();
  await page.getByRole('button', { name: 'Test' }).click();
  await page.getByText('Fundet: MULTICAL 403, 69000001').waitFor();
  await page.getByText('Tilføj en måler i tre trin').waitFor();
  expect(await page.getByRole('heading', { name: /^\d\./ }).count()).toBe(3);
  await page.getByLabel(/^Navn/).fill('Kælder');
  await expectUsable(page);
  await page.getByRole('button', { name: 'Gem og aflæs' }).click();
  await page.getByText('Gemt. Kælder aflæses for første gang.').waitFor();
  expect(stage.calls.find(({ what }) => what === 'POST setup/test')?.body).toEqual({ port: '/dev/ttyUSB0' });
  expect(stage.calls.find(({ what }) => what === 'POST setup')?.body).toEqual({
    name: 'Kælder',
    port: '/dev/ttyUSB0',
    schedule: 'hourly',
    mainsPowered: false,
  });
});

it('takes a gateway by its address, and says what is wrong before anything is written', async () => {
  const stage = await empty();
  stage.replies.set('POST setup/test', () => FOUND);
  stage.replies.set('POST setup', () => ({ problems: ['There is a meter called Heat already.'] }));
  const page = await visitor();
  await page.goto(stage.url);
  await page.getByText('En gateway i netværket').click();
  await page.getByLabel(/^Adresse/).fill('192.168.1.20:2001');
  await page.getByRole('button', { name: 'Test' }).click();
  await page.getByRole('button', { name: 'Gem og aflæs' }).click();
  await page.getByText('There is a meter called Heat already.').waitFor();
  expect(stage.calls.find(({ what }) => what === 'POST setup')?.body).toMatchObject({
    port: 'tcp://192.168.1.20:2001',
  });
});

it('helps to place the head of a meter that does not answer', async () => {
  const stage = await empty();
  stage.replies.set('POST setup/test', () => SILENT);
  const page = await visitor({ dark: true });
  await page.goto(stage.url);
  await page.getByRole('button', { name: 'Test' }).click();
  await page.getByText('Nothing answered.').waitFor();
  await page.getByText('Press a button.').waitFor();
  await page.getByRole('button', { name: 'Start' }).waitFor();
  expect(await page.getByRole('button', { name: 'Gem og aflæs' }).count()).toBe(0);
  await expectUsable(page);
});
