import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listPorts } from '../../src/transport/list-ports.ts';
import { enumerateSerialPorts } from '../../src/transport/serial-port-channel.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** For the length of the test programs are looked for in this folder first, or in it alone. */
function searchPath(folder: string, alone = false): void {
  const before = process.env.PATH;
  process.env.PATH = alone ? folder : `${folder}${delimiter}${before}`;
  onTestFinished(() => {
    process.env.PATH = before;
  });
}

/** A system whose `udevadm` knows these devices. */
function udevKnows(...devices: string[][]): void {
  const folder = temporaryFolder({ devices: devices.flat().join('\n').concat('\n') });
  writeFileSync(join(folder, 'udevadm'), `#!/bin/sh\nexec cat '${join(folder, 'devices')}'\n`);
  chmodSync(join(folder, 'udevadm'), 0o755);
  searchPath(folder);
}

function usb(name: string, path: string, maker: string, serialNumber: string): string[] {
  return [
    `P: /devices/usb/${name}`,
    `N: ${name}`,
    `E: DEVNAME=${path}`,
    `E: ID_VENDOR_ENC=${maker}`,
    `E: ID_SERIAL_SHORT=${serialNumber}`,
  ];
}

describe.skipIf(process.platform !== 'linux')('what udev knows of the ports', () => {
  test('is said: maker and serial number, and the stable name where there is one', async () => {
    const devices = temporaryFolder({ ttyUSB0: '' });
    const head = join(devices, 'ttyUSB0');
    const folder = temporaryFolder();
    const link = join(folder, 'usb-FTDI_A9-if00');
    symlinkSync(head, link);
    udevKnows(
      ['P: /devices/ttyS0', 'N: ttyS0', 'E: DEVNAME=/dev/ttyS0'],
      usb('ttyUSB1', '/dev/ttyUSB1', 'Silicon\\x20Labs', '0001'),
      usb('ttyUSB0', head, 'FTDI', 'A9'),
    );
    expect(await listPorts(folder)).toEqual([
      { path: head, stablePath: link, maker: 'FTDI', serialNumber: 'A9' },
      { path: '/dev/ttyS0', stablePath: null, maker: null, serialNumber: null },
      { path: '/dev/ttyUSB1', stablePath: null, maker: 'Silicon Labs', serialNumber: '0001' },
    ]);
  });

  test('is done without where udevadm is missing, as in a container', async () => {
    searchPath(temporaryFolder(), true);
    await expect(enumerateSerialPorts()).rejects.toThrow('udevadm');
    expect(await listPorts(join(temporaryFolder(), 'nothing'))).toEqual([]);
  });
});
