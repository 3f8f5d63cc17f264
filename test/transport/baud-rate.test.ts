import { spawnSync } from 'node:child_process';
import { describe, expect, onTestFinished, test } from 'vitest';
import { hasCode } from '../../src/shared/errors.ts';
import { SerialPortChannel } from '../../src/transport/serial-port-channel.ts';
import { hasTool } from '../support/has-tool.ts';
import { bytes, HeardChannel } from './heard-channel.ts';
import { pseudoTerminals } from './pseudo-terminals.ts';

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
