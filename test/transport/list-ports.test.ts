import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listPorts } from '../../src/transport/list-ports.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A folder of stable names, as udev makes it, and the ports they stand for. */
function byId(links: Readonly<Record<string, string>>) {
  const devices = temporaryFolder({ ttyUSB0: '', ttyUSB1: '' });
  const folder = temporaryFolder();
  for (const [name, device] of Object.entries(links)) symlinkSync(join(devices, device), join(folder, name));
  return {
    folder,
    device: (name: string) => join(devices, name),
    link: (name: string) => join(folder, name),
  };
}

test('a port with a stable name is listed under its present one, with the stable one beside it', async () => {
  const { folder, device, link } = byId({ 'usb-FTDI_A-if00': 'ttyUSB1', 'usb-Silicon_B-if00': 'ttyUSB0' });
  const ports = await listPorts(folder);
  expect(ports.slice(0, 2)).toEqual([
    { path: device('ttyUSB0'), stablePath: link('usb-Silicon_B-if00'), maker: null, serialNumber: null },
    { path: device('ttyUSB1'), stablePath: link('usb-FTDI_A-if00'), maker: null, serialNumber: null },
  ]);
});

test('ports with a stable name come first', async () => {
  const { folder } = byId({ 'usb-FTDI_A-if00': 'ttyUSB1' });
  const stable = (await listPorts(folder)).map(({ stablePath }) => stablePath !== null);
  expect(stable).toEqual(stable.toSorted((a, b) => Number(b) - Number(a)));
  expect(stable[0]).toBe(true);
});

test('a stable name whose port has gone stands for itself', async () => {
  const { folder, link } = byId({ 'usb-gone-if00': 'ttyUSB9' });
  const [first] = await listPorts(folder);
  expect(first).toMatchObject({ path: link('usb-gone-if00'), stablePath: link('usb-gone-if00') });
});

test('a machine without the folder of stable names is asked all the same', async () => {
  const ports = await listPorts(join(temporaryFolder(), 'nothing'));
  expect(ports.every(({ stablePath }) => stablePath === null)).toBe(true);
});
