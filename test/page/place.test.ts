import type { ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import type { PlacementMessage } from '../../src/web/api.ts';
import { eventually } from '../support/eventually.ts';
import { Refusing, Stage } from './support/stage.ts';
import { expectUsable, PHONE, visitor } from './support/visitor.ts';

/** A bridge that lends the port, and notes whether it has it back. */
class Lending extends Stage {
  line: ServerResponse | undefined;
  returned = 0;

  override async start(): Promise<this> {
    this.replies.set('GET setup', () => ({ target: 'file', problem: null, ports: [], used: [] }));
    this.replies.set('POST placement', (_, response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      response.on('close', () => this.returned++);
      this.line = response;
      this.send({ kind: 'waiting' });
    });
    return super.start();
  }

  send(message: PlacementMessage): void {
    this.line?.write(`${JSON.stringify(message)}\n`);
  }

  see(answered: number, verdict: string): void {
    const facts = { echoSeen: true, damagedReplies: 0, discardedBytes: 3, serialNumber: '69000001' };
    this.send({ kind: 'view', asked: 20, answered, ...facts, verdict, left: 240_000, cost: 1.26 });
  }
}

async function begun(): Promise<{ stage: Lending; page: Awaited<ReturnType<typeof visitor>> }> {
  const stage = await new Lending().start();
  const page = await visitor({ size: PHONE, expected: /ERR_|Failed to load/ });
  await page.goto(`${stage.url}#/place`);
  await page.getByText(/bruger lidt af målerens batteri/).waitFor();
  expect(stage.calls.some(({ what }) => what === 'POST placement')).toBe(false);
  await page.getByRole('button', { name: 'Start' }).click();
  await eventually(() => stage.line !== undefined);
  return { stage, page };
}

it('starts with a tap, follows the head, and gives the port back with another', async () => {
  const { stage, page } = await begun();
  expect(stage.calls.at(-1)?.body).toMatchObject({
    port: expect.stringContaining('/dev/serial'),
    minutes: 5,
  });
  stage.see(7, 'unsteady');
  await page.getByText(/en millimeter ad gangen/).waitFor();
  await page.getByRole('img', { name: /7 af 20/ }).waitFor();
  await page.getByText(/1,3 aflæsninger/).waitFor();
  await expectUsable(page);
  stage.see(20, 'good');
  await page.getByText(/sidder godt/).waitFor();
  const stop = await page.getByRole('button', { name: 'Stop' }).boundingBox();
  expect(stop?.height).toBeGreaterThanOrEqual(64);
  expect((stop?.y ?? 0) + (stop?.height ?? 0)).toBeLessThanOrEqual(PHONE.height - 64);
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByText('Slut. Broen aflæser igen.').waitFor();
  await eventually(() => stage.returned === 1);
});

it('gives the port back when somebody goes to another screen', async () => {
  const { stage, page } = await begun();
  stage.see(7, 'unsteady');
  await page.getByRole('link', { name: 'Nu', exact: true }).click();
  await eventually(() => stage.returned === 1);
});

it('gives the port back when the page is closed', async () => {
  const { stage, page } = await begun();
  await page.close();
  await eventually(() => stage.returned === 1);
});

it('ends after the page was hidden for long, and says so', async () => {
  const stage = await new Lending().start();
  const page = await visitor({ size: PHONE });
  await page.clock.install();
  await page.goto(`${stage.url}#/place`);
  await page.getByRole('button', { name: 'Start' }).click();
  await eventually(() => stage.line !== undefined);
  stage.see(7, 'unsteady');
  await page.getByText(/en millimeter ad gangen/).waitFor();
  await page.evaluate(
    "Object.defineProperty(document, 'hidden', { value: true }); document.dispatchEvent(new Event('visibilitychange'))",
  );
  await page.clock.runFor(31_000);
  await eventually(() => stage.returned === 1);
  await page.getByText(/siden var skjult længe/).waitFor();
});

it('says that the network is gone', async () => {
  const { stage, page } = await begun();
  stage.see(7, 'unsteady');
  await page.getByText(/en millimeter ad gangen/).waitFor();
  stage.line?.destroy();
  await page.getByText(/Forbindelsen til broen gik tabt/).waitFor();
});

it('says why it ended, or was refused', async () => {
  const { stage, page } = await begun();
  stage.send({ kind: 'over', problem: 'The port is gone: the head was pulled out.' });
  await page.getByText('The port is gone: the head was pulled out.').waitFor();
  stage.replies.set('POST placement', () => new Refusing(409, 'Somebody else is placing this head.'));
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByText('Somebody else is placing this head.').waitFor();
});
