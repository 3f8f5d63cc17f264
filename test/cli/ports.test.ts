import { describe, expect, it } from 'vitest';
import { portsAdvice, portsTable } from '../../src/cli/commands/ports.ts';
import { unpainted } from '../../src/shared/paint.ts';

describe('ports advice', () => {
  const OWN = { path: '/dev/ttyS0', stablePath: null, maker: null, serialNumber: null };
  const HEAD = { ...OWN, path: '/dev/ttyUSB0', stablePath: '/dev/serial/by-id/usb-FTDI_A1' };

  describe('what to do about the ports', () => {
    it('is said where there is none', () => {
      expect(portsAdvice([]).join(' ')).toMatch(/^There is no serial port.*Plug in the optical head/);
    });

    it('is said where the computer has only ports of its own', () => {
      expect(portsAdvice([OWN]).join(' ')).toMatch(
        /^None of these is a USB adapter.*Plug in the optical head/,
      );
    });

    it('needs no words where a head may be plugged in', () => {
      expect(portsAdvice([HEAD, OWN])).toEqual([]);
      expect(portsAdvice([{ ...OWN, path: 'COM3' }])).toEqual([]);
      expect(portsAdvice([{ ...OWN, path: '/dev/tty.usbserial-A1', serialNumber: 'A1' }])).toEqual([]);
    });
  });
});

describe('ports table', () => {
  it('ports are shown by the name that stays, with what is known of them', () => {
    const stablePath = '/dev/serial/by-id/usb-FTDI_A1';
    expect(
      portsTable(
        [
          { path: '/dev/ttyUSB0', stablePath, maker: 'FTDI', serialNumber: 'A1' },
          { path: '/dev/ttyS0', stablePath: null, maker: null, serialNumber: null },
        ],
        unpainted,
      ),
    ).toEqual([
      'port                           also called   maker  serial number',
      '/dev/serial/by-id/usb-FTDI_A1  /dev/ttyUSB0  FTDI   A1',
      '/dev/ttyS0',
    ]);
  });

  it('columns in which nothing stands are left out', () => {
    expect(
      portsTable([{ path: '/dev/ttyS0', stablePath: null, maker: null, serialNumber: null }], unpainted),
    ).toEqual(['port', '/dev/ttyS0']);
  });
});
