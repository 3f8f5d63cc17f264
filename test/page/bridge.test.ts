import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { ended, program, type Run } from '../support/program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { expectUsable, PHONE, visitor } from './support/visitor.ts';

interface Household {
  readonly url: string;
  start(): Promise<Run>;
}

/** The built program with the page, and a simulated meter on its line. */
async function household(): Promise<Household> {
  const [line, port, dataDir] = [await freePort(), await freePort(), temporaryFolder()];
  program(['simulate', '--tcp', String(line), '--baud-rate', '9600']);
  const file = join(dataDir, 'bridge.json');
  const meters = [{ name: 'House', port: `tcp://127.0.0.1:${line}`, baudRate: 9600 }];
  const csv = { enabled: true, directory: join(dataDir, 'csv') };
  writeFileSync(
    file,
    JSON.stringify({ dataDir, mqtt: { enabled: false }, csv, meters, web: { enabled: true, port } }),
  );
  const url = `http://127.0.0.1:${port}/`;
  return {
    url,
    async start() {
      const run = program(['run', '--config', file]);
      await eventually(async () => {
        if (run.child.exitCode !== null) throw new Error(run.err + run.out);
        return fetch(`${url}healthz`).then(
          () => true,
          () => false,
        );
      });
      return run;
    },
  };
}

it('shows a meter of the built bridge, reads it when asked to, and follows the bridge through a restart', async () => {
  const house = await household();
  let run = await house.start();
  const page = await visitor({ size: PHONE, dark: true, expected: /ERR_|Failed to load/ });
  await page.goto(house.url);
  const card = page.getByRole('article', { name: 'House' });
  await card.getByText(/MULTICAL.*403/).waitFor({ timeout: 40_000 });
  await card.locator('.totals .number').first().waitFor();
  await card.locator('.loop svg').waitFor();
  await expectUsable(page);
  const before = await card.locator('time').getAttribute('title');
  await page.getByRole('button', { name: /Aflæs nu/ }).click();
  await eventually(async () => (await card.locator('time').getAttribute('title')) !== before);

  run.child.kill('SIGTERM');
  await ended(run);
  await page.getByText(/Broen svarer ikke/).waitFor();
  run = await house.start();
  await page.getByText(/Broen svarer ikke/).waitFor({ state: 'detached', timeout: 100_000 });
  await card.locator('.totals .number').first().waitFor();
  expect(await card.count()).toBe(1);
});
