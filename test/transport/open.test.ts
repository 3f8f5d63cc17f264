import { describe, expect, test } from 'vitest';
import { hasCode, messageOf } from '../../src/shared/errors.ts';
import { channelFactory, isNetworkPort } from '../../src/transport/open.ts';
import { SerialPortChannel } from '../../src/transport/serial-channel.ts';
import { TcpChannel } from '../../src/transport/tcp-channel.ts';

describe('a port', () => {
  test.each(['/dev/ttyUSB0', '/dev/serial/by-id/usb-FTDI', 'COM3'])('%s is one of this machine', (port) => {
    const channel = channelFactory(port, 1200)();
    expect(channel).toBeInstanceOf(SerialPortChannel);
    expect(channel.name).toBe(port);
    expect(isNetworkPort(port)).toBe(false);
  });

  test.each([
    'tcp://192.168.1.20:2000',
    'tcp://ser2net.local:80',
    'tcp://[::1]:2000',
  ])('%s is one in the network', (port) => {
    const channel = channelFactory(port, 1200)();
    expect(channel).toBeInstanceOf(TcpChannel);
    expect(channel.name).toBe(port);
    expect(isNetworkPort(port)).toBe(true);
  });

  test.each([
    'tcp://',
    'tcp://192.168.1.20',
    'tcp://:2000',
    'tcp://host:99999',
    'tcp://host:port',
  ])('%s is no address of one: the error shows how to write it', (port) => {
    let error: unknown;
    try {
      channelFactory(port, 1200);
    } catch (thrown) {
      error = thrown;
    }
    expect(hasCode(error, 'usage')).toBe(true);
    expect(messageOf(error)).toContain('write tcp://host:port');
  });
});

test('a channel is used once: the factory makes a new one each time', () => {
  const make = channelFactory('tcp://192.168.1.20:2000', 1200);
  expect(make()).not.toBe(make());
});
