import { expect, it } from 'vitest';
import { portsTable } from '../../src/cli/ports-table.ts';

it('ports are shown by the name that stays, with what is known of them', () => {
  const stablePath = '/dev/serial/by-id/usb-FTDI_A1';
  expect(
    portsTable([
      { path: '/dev/ttyUSB0', stablePath, maker: 'FTDI', serialNumber: 'A1' },
      { path: '/dev/ttyS0', stablePath: null, maker: null, serialNumber: null },
    ]),
  ).toEqual([
    'port                           also called   maker  serial number',
    '/dev/serial/by-id/usb-FTDI_A1  /dev/ttyUSB0  FTDI   A1',
    '/dev/ttyS0',
  ]);
});

it('columns in which nothing stands are left out', () => {
  expect(portsTable([{ path: '/dev/ttyS0', stablePath: null, maker: null, serialNumber: null }])).toEqual([
    'port',
    '/dev/ttyS0',
  ]);
});
