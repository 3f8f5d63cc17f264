import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { hasCode, messageOf } from '../../src/shared/errors.ts';
import { SerialPortChannel } from '../../src/transport/serial-port-channel.ts';
import { hasTool } from '../support/has-tool.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { bytes, HeardChannel } from './heard-channel.ts';
import { pseudoTerminals } from './pseudo-terminals.ts';

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

  test('that another program has says so', async () => {
    const { ours } = await pseudoTerminals();
    await opened(ours);
    const error = await rejection(new SerialPortChannel(ours, 1200).open());
    expect(hasCode(error, 'port-busy')).toBe(true);
    expect(messageOf(error)).toContain('another program has it');
  });

  test('that is pulled out closes once, and asks for the head', async () => {
    const { ours, unplug } = await pseudoTerminals();
    const heard = await opened(ours);
    unplug();
    const error = await heard.closed();
    expect(hasCode(error, 'channel-closed')).toBe(true);
    expect(messageOf(error)).toBe(`${ours} went away: is the optical head still plugged in?`);
    expect(hasCode(await rejection(heard.channel.write(bytes('x'))), 'channel-closed')).toBe(true);
    expect(heard.closes).toHaveLength(1);
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
