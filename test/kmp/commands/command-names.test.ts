import { describe, expect, it } from 'vitest';
import { commandName } from '../../../src/kmp/commands/command-names.ts';

describe('a command', () => {
  it.each([
    [0x01, 'GetType'],
    [0x02, 'GetSerialNo'],
    [0x09, 'SetClock'],
    [0x10, 'GetRegister'],
    [0x11, 'PutRegister'],
    [0x92, 'Login'],
    [0x9b, 'GetEventStatus'],
    [0x9c, 'ClearEventStatus'],
    [0xa0, 'GetLogTimePresent'],
    [0xa1, 'GetLogLastPresent'],
    [0xa2, 'GetLogIDPresent'],
    [0xa3, 'GetLogTimePast'],
    [0xb8, 'Logger'],
    [0x62, 'unknown'],
  ])('%i is called %s', (cid, name) => {
    expect(commandName(cid)).toBe(name);
  });
});
