import { describe, expect, it } from 'vitest';
import { testHead } from '../../src/setup/head-test.ts';
import { headsAmong, portFault } from '../../src/setup/heads.ts';
import { Multical2MqttError } from '../../src/shared/errors.ts';

const USB = {
  path: '/dev/ttyUSB0',
  stablePath: '/dev/serial/by-id/usb-FTDI_AL00-if00-port0',
  maker: 'FTDI',
  serialNumber: 'AL00',
};
const BOARD = { path: '/dev/ttyS0', stablePath: null, maker: null, serialNumber: null };

describe('heads by name', () => {
  it('are adapters first, by the name that stays, with what they are', () => {
    expect(headsAmong([BOARD, USB])).toEqual([
      { port: USB.stablePath, what: 'FTDI, serial number AL00, /dev/ttyUSB0' },
      { port: '/dev/ttyS0', what: expect.stringMatching(/mostly nothing is on it/) },
    ]);
  });

  it('may be typed in every form that is a port', () => {
    for (const port of ['/dev/ttyUSB0', 'COM3', 'tcp://host:1', 'socket://host:1', 'host:1'])
      expect(portFault(port)).toBeUndefined();
    expect(portFault('rfc2217://host:1')).toMatch(/^"rfc2217:\/\/" is .*\.$/);
    expect(portFault('host')).toMatch(/^It must be .*\.$/);
  });
});

describe('the test of a head', () => {
  const meter = { serialNumber: '1', model: 'MULTICAL 403', kind: 'heat', eye: [] } as const;

  it('tells the meter', async () => {
    expect(await testHead('/dev/a', async () => meter, '')).toEqual({ ok: true, meter });
  });

  it.each([
    ['no-answer', 'silent'],
    ['port-busy', 'unusable'],
    ['port-denied', 'unusable'],
    ['port-missing', 'unusable'],
    ['channel-closed', 'unusable'],
  ] as const)('tells in words what is wrong: %s', async (code, kind) => {
    const tested = await testHead(
      '/nowhere',
      () => Promise.reject(new Multical2MqttError(code, 'It is so')),
      '',
    );
    expect(tested).toMatchObject({ ok: false, kind, why: 'It is so.' });
  });

  it('takes no fault of ours for one of the port', async () => {
    await expect(testHead('/dev/a', () => Promise.reject(new TypeError('ours')), '')).rejects.toThrow('ours');
  });
});
