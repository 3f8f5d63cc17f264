import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { hasCode, messageOf } from '../../src/shared/errors.ts';
import { enumerateSerialPorts, listPorts, SerialPortChannel } from '../../src/transport/serial-channel.ts';
import { hasTool } from '../support/has-tool.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { bytes, HeardChannel } from './support/heard-channel.ts';
import { pseudoTerminals } from './support/pseudo-terminals.ts';

/** Opens a port and keeps it. */
const HOLD = `const { SerialPort } = require('serialport');
new SerialPort({ path: process.argv[1], baudRate: 1200, lock: true }, () => process.stdout.write('open'));
setInterval(() => {}, 1_000);`;

describe('baud rate', () => {
  /** What the system itself says of a port's speed. */
  function speedOf(path: string): string {
    return spawnSync('stty', ['-F', path, 'speed']).stdout.toString().trim();
  }

  describe.skipIf(!hasTool('socat'))('the speed of a real pseudo-terminal', () => {
    test('changes while the port is open, and the bytes keep coming', async () => {
      const { ours, theirs } = await pseudoTerminals();
      const near = new HeardChannel(new SerialPortChannel(ours, 1200));
      const far = new HeardChannel(new SerialPortChannel(theirs, 1200));
      onTestFinished(() => near.channel.close());
      onTestFinished(() => far.channel.close());
      await Promise.all([near.channel.open(), far.channel.open()]);
      expect(speedOf(ours)).toBe('1200');
      await near.channel.setBaudRate?.(300);
      expect(speedOf(ours)).toBe('300');
      await near.channel.write(bytes('/#1'));
      // A pseudo-terminal says at once that all has left; what nobody has fetched yet would go with the old speed.
      await far.hears('/#1');
      await near.channel.setBaudRate?.(1200);
      expect(speedOf(ours)).toBe('1200');
      await near.channel.write(bytes('?!'));
      await far.hears('/#1?!');
      expect(far.received).toBe('/#1?!');
    });

    test('cannot be changed when the port is closed', async () => {
      const channel = new SerialPortChannel('/dev/there-is-none', 1200);
      const error: unknown = await channel.setBaudRate(300).catch((reason: unknown) => reason);
      expect(hasCode(error, 'channel-closed')).toBe(true);
    });
  });
});

describe('list ports', () => {
  /** A folder of stable names, as udev makes it, and the ports they stand for. */
  function byId(links: Readonly<Record<string, string>>) {
    const devices = temporaryFolder({ ttyUSB0: '', ttyUSB1: '' });
    const folder = temporaryFolder();
    for (const [name, device] of Object.entries(links))
      symlinkSync(join(devices, device), join(folder, name));
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
});

describe('serial port channel', () => {
  /** Permissions mean nothing to root. */
  const IS_ROOT = process.getuid?.() === 0;

  async function opened(path: string): Promise<HeardChannel> {
    const heard = new HeardChannel(new SerialPortChannel(path, 1200));
    onTestFinished(() => heard.channel.close());
    await heard.channel.open();
    return heard;
  }

  function rejection(promise: Promise<unknown>): Promise<unknown> {
    return promise.then(
      () => undefined,
      (error: unknown) => error,
    );
  }

  describe('a port that cannot be opened', () => {
    test('because it is not there says how to find those that are', async () => {
      const path = join(temporaryFolder(), 'ttyUSB0');
      const heard = new HeardChannel(new SerialPortChannel(path, 1200));
      const error = await rejection(heard.channel.open());
      expect(hasCode(error, 'port-missing')).toBe(true);
      expect(messageOf(error)).toContain(`Cannot open ${path}: there is no such port`);
      expect(messageOf(error)).toContain('multical2mqtt ports');
      await heard.channel.close();
      expect(heard.closes).toEqual([]);
    });

    test('because it is an ordinary file asks whether it is a serial port', async () => {
      const path = join(temporaryFolder({ ttyUSB0: '' }), 'ttyUSB0');
      const error = await rejection(new SerialPortChannel(path, 1200).open());
      expect(hasCode(error, 'port-failed')).toBe(true);
      expect(messageOf(error)).toContain('Is it a serial port?');
    });

    test.skipIf(IS_ROOT)('because this user may not names the group to join', async () => {
      const path = join(temporaryFolder({ ttyUSB0: '' }), 'ttyUSB0');
      chmodSync(path, 0);
      const error = await rejection(new SerialPortChannel(path, 1200).open());
      expect(hasCode(error, 'port-denied')).toBe(true);
      expect(messageOf(error)).toContain('dialout');
    });

    test('takes no bytes either', async () => {
      const channel = new SerialPortChannel(join(temporaryFolder(), 'ttyUSB0'), 1200);
      expect(hasCode(await rejection(channel.write(bytes('x'))), 'channel-closed')).toBe(true);
    });
  });

  describe.skipIf(!hasTool('socat'))('on a real pseudo-terminal a port', () => {
    test('carries all bytes both ways, those that terminals treat as commands too', async () => {
      const { ours, theirs } = await pseudoTerminals();
      const [near, far] = [await opened(ours), await opened(theirs)];
      const everyByte = String.fromCharCode(...Array.from({ length: 256 }, (_, byte) => byte));
      await near.channel.write(bytes(everyByte));
      await far.hears(everyByte);
      expect(far.received).toBe(everyByte);
      await far.channel.write(bytes(everyByte));
      await near.hears(everyByte);
      expect(near.received).toBe(everyByte);
    });

    test('that somebody has says who', async () => {
      const { ours } = await pseudoTerminals();
      await opened(ours);
      const error = await rejection(new SerialPortChannel(ours, 1200).open());
      expect(hasCode(error, 'port-busy')).toBe(true);
      expect(messageOf(error)).toMatch(/: (this program itself|another program) has it\./);
    });

    test('that another program has names that program, where the system tells', async () => {
      const { ours } = await pseudoTerminals();
      const holder = spawn('node', ['-e', HOLD, ours], { stdio: ['ignore', 'pipe', 'inherit'] });
      onTestFinished(() => void holder.kill());
      await once(holder.stdout, 'data');
      const error = await rejection(new SerialPortChannel(ours, 1200).open());
      expect(hasCode(error, 'port-busy')).toBe(true);
      const who = existsSync('/proc/self/fd') ? `node (process ${holder.pid})` : 'another program';
      expect(messageOf(error)).toContain(who);
    });

    test('that is pulled out closes once, and asks for the head', async () => {
      const { ours, unplug } = await pseudoTerminals();
      const heard = await opened(ours);
      await unplug();
      const error = await heard.closed();
      expect(hasCode(error, 'channel-closed')).toBe(true);
      expect(messageOf(error)).toBe(`${ours} went away: is the optical head still plugged in?`);
      expect(hasCode(await rejection(heard.channel.write(bytes('x'))), 'channel-closed')).toBe(true);
      expect(heard.closes).toHaveLength(1);
    });

    test('that hangs up before anybody reads closes too, in place of reading nothing for ever', async () => {
      const { ours, unplug } = await pseudoTerminals();
      const channel = new SerialPortChannel(ours, 1200);
      onTestFinished(() => channel.close());
      const closed = new Promise<Error | undefined>((resolve) => channel.onClose(resolve));
      await channel.open();
      await unplug();
      channel.onData(() => {});
      expect(hasCode(await closed, 'channel-closed')).toBe(true);
    });

    test('that we close ourselves is closed without an error, and can be opened by the next channel', async () => {
      const { ours } = await pseudoTerminals();
      const heard = await opened(ours);
      await heard.channel.close();
      await heard.channel.close();
      expect(heard.closes).toEqual([undefined]);
      await opened(ours);
    });
  });
});

describe('udev ports', () => {
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
});
