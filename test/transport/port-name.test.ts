import { describe, expect, it } from 'vitest';
import { portNamed } from '../../src/transport/port-name.ts';

describe('the name of a port', () => {
  it.each([
    '/dev/serial/by-id/usb-FTDI-if00-port0',
    '/dev/ttyUSB0',
    'COM3',
    'com12',
    'tcp://192.168.1.20:2000',
    'TCP://Host:1',
    'tcp://[fe80::1]:4001',
  ])('%s stays as it is', (port) => {
    expect(portNamed(port)).toEqual({ port });
  });

  it.each([
    ['192.168.1.20:2000', 'tcp://192.168.1.20:2000'],
    ['heat-head.local:6638', 'tcp://heat-head.local:6638'],
    ['[fe80::1]:4001', 'tcp://[fe80::1]:4001'],
    ['socket://heat.local:4001', 'tcp://heat.local:4001'],
    ['socket://heat.local:4001?logging=debug', 'tcp://heat.local:4001'],
    ['socket://heat.local:4001/?logging=debug', 'tcp://heat.local:4001'],
    ['tcp://heat.local:4001/', 'tcp://heat.local:4001'],
    ['tcp:heat.local:4001', 'tcp://heat.local:4001'],
    ['TCP4:heat.local:4001', 'tcp://heat.local:4001'],
    ['tcp,heat.local,4001', 'tcp://heat.local:4001'],
    [' /dev/ttyUSB0 ', '/dev/ttyUSB0'],
    ['serial:///dev/ttyUSB0', '/dev/ttyUSB0'],
    ['file:/dev/ttyUSB0', '/dev/ttyUSB0'],
    ['\\\\.\\COM12', 'COM12'],
  ])('%s, as other programs have it, is %s', (text, port) => {
    expect(portNamed(text)).toEqual({ port });
  });

  it.each([
    ['rfc2217://heat.local:4001', /behind telnet.*ser2net "raw".*8N2.*write "tcp:\/\/host:port"/],
    ['telnet://heat.local:23', /changes bytes.*write "tcp/],
    ['esphome://heat.local:6053', /stream_server.*stop_bits: 2.*tcp:\/\/name-of-the-esp\.local:6638/],
    ['udp://heat.local:1', /none that carries.*write "tcp/],
    ['ttyUSB0', /must be a path.*did you mean "\/dev\/ttyUSB0"\?/],
    ['192.168.1.20', /must be a path.*port is missing behind the host/],
    ['tcp://heat', /must be a path.*port is missing behind the host/],
    ['heat.local:0', /must be a path/],
    ['heat.local:65536', /must be a path/],
    ['tcp://heat.local:4001/x', /must be a path/],
    ['COM0', /must be a path/],
    ['/', /must be a path/],
    [':4001', /must be a path/],
  ])('%s is none, and what to write is said', (text, fault) => {
    expect(portNamed(text)).toEqual({ fault: expect.stringMatching(fault) });
  });
});
