import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { AddonTarget } from '../../src/app/setup-target.ts';
import type { LoadedConfig } from '../../src/config/load.ts';
import { FakeSupervisor } from '../support/fake-supervisor.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const CONFIG = resolve(import.meta.dirname, '../../addon/config.yaml');
const HOUSE = {
  name: 'House',
  port: '/dev/serial/by-id/usb-head',
  baudRate: undefined,
  schedule: 'saver',
  mainsPowered: false,
};
const SHOP = { ...HOUSE, name: 'Shop', port: 'tcp://192.168.1.20:2000', baudRate: 9600, mainsPowered: true };

/** The add-on as Home Assistant starts it: secrets are resolved in what it reads, and are not in what is saved. */
async function installed() {
  const supervisor = await FakeSupervisor.start();
  const { options } = parse(readFileSync(CONFIG, 'utf8')) as { options: Record<string, unknown> };
  const own = (password: string) => ({
    ...options,
    mqtt: { url: 'mqtt://broker', username: 'me', password },
  });
  const save = (saved: unknown): void => {
    const data = { slug: 'mine', long_description: 'x'.repeat(200_000), options: saved };
    const body = { result: 'ok', data };
    supervisor.about.set('/addons/self/info', { status: 200, body });
  };
  save(own('!secret mqtt'));
  supervisor.about.set('/addons/self/options', { status: 200, body: { result: 'ok', data: {} } });
  const folder = temporaryFolder({ 'options.json': JSON.stringify(own('hunter22')) });
  const environment = {
    SUPERVISOR_TOKEN: supervisor.token,
    SUPERVISOR_URL: supervisor.url,
    SUPERVISOR_OPTIONS: join(folder, 'options.json'),
  };
  const target = new AddonTarget({ file: undefined, environment, overrides: {} });
  return { supervisor, target, save, own };
}

function posted({ sent }: FakeSupervisor) {
  return sent.map(([, body]) => body as { readonly options: Readonly<Record<string, unknown>> });
}

function meterNames(added: LoadedConfig | readonly string[]): readonly string[] {
  return 'config' in added ? added.config.meters.map(({ name }) => name) : added;
}

it('adds meters to the form, keeps everything else in it, and reads by it at once', async () => {
  const { supervisor, target, save, own } = await installed();
  const first = await target.add(HOUSE);
  expect(meterNames(first)).toEqual(['House']);
  expect('config' in first && first.config.mqtt.password).toBe('hunter22');
  const { meter, meter_more, ...others } = posted(supervisor)[0]?.options ?? {};
  expect(meter).toMatchObject({ name: 'House', preset: 'saver' });
  expect(meter_more).toMatchObject({ device_path: HOUSE.port });
  expect(own('!secret mqtt')).toMatchObject(others);
  expect(others).toMatchObject({ mqtt: { password: '!secret mqtt' } });

  save(posted(supervisor)[0]?.options);
  const second = await target.add(SHOP);
  expect(meterNames(second)).toEqual(['House', 'Shop']);
  expect('config' in second && second.config.meters[1]).toMatchObject({
    port: SHOP.port,
    baudRate: 9600,
    mainsPowered: true,
  });
  expect(posted(supervisor)[1]).toMatchObject({
    options: {
      meter,
      meters: [
        {
          name: 'Shop',
          network: '192.168.1.20:2000',
          preset: 'saver',
          mains_powered: true,
          baud_rate: '9600',
        },
      ],
    },
  });
});

it('says in words what is against it, and saves nothing then', async () => {
  const { supervisor, target, save, own } = await installed();
  expect(await target.add({ ...HOUSE, schedule: 'live' })).toEqual([
    expect.stringMatching(/preset.*reads every 30 seconds/),
  ]);
  // Somebody has put it into the form since the start.
  save({ ...own('!secret mqtt'), meters: [{ name: 'House', network: 'head:1' }] });
  expect(await target.add(HOUSE)).toEqual([expect.stringMatching(/name.*must differ/)]);
  expect(posted(supervisor)).toEqual([]);
});

it("hands on the Supervisor's words, without the token, and forgets the meter", async () => {
  const { supervisor, target } = await installed();
  const message = `Invalid option for ${supervisor.token}`;
  supervisor.about.set('/addons/self/options', { status: 400, body: { result: 'error', message } });
  await expect(target.add(HOUSE)).rejects.toThrow(
    /did not take the options \(HTTP 400: Invalid option for \*\*\*\)/,
  );
  supervisor.about.set('/addons/self/options', { status: 200, body: { result: 'ok' } });
  expect(meterNames(await target.add(SHOP))).toEqual(['Shop']);
});

it('saves nothing where it does not know all that there is', async () => {
  const { supervisor, target } = await installed();
  supervisor.about.set('/addons/self/info', { status: 200, body: { result: 'ok', data: { slug: 'mine' } } });
  await expect(target.add(HOUSE)).rejects.toThrow(/does not tell our options/);
  supervisor.about.set('/addons/self/info', { status: 403, body: { result: 'error' } });
  await expect(target.add(HOUSE)).rejects.toThrow(/does not tell our options/);
  expect(posted(supervisor)).toEqual([]);
});
