import { describe, expect, it } from 'vitest';
import { SimulatedChannel } from '../../src/simulator/channel.ts';
import { bench, serialNumberRequest } from './support/virtual-line.ts';

async function openChannel() {
  const line = bench();
  const channel = new SimulatedChannel(line.simulator);
  const received: number[] = [];
  const closed: (Error | undefined)[] = [];
  channel.onData((chunk) => received.push(...chunk));
  channel.onClose((error) => closed.push(error));
  await channel.open();
  return { ...line, channel, received, closed };
}

describe('a channel to a simulated meter', () => {
  it('carries a request and its reply', async () => {
    const { channel, clock, received } = await openChannel();
    await channel.write(serialNumberRequest());
    await clock.advance(1000);
    expect(received[0]).toBe(0x40);
    expect(received.at(-1)).toBe(0x0d);
    expect(channel.name).toBe('simulated MULTICAL 403');
  });

  it('closes once, without an error, and hears nothing any more', async () => {
    const { channel, simulator, clock, closed, received } = await openChannel();
    await channel.close();
    await channel.close();
    simulator.write(serialNumberRequest());
    await clock.advance(1000);
    expect(closed).toEqual([undefined]);
    expect(received).toEqual([]);
    await expect(channel.write(serialNumberRequest())).rejects.toMatchObject({ code: 'channel-closed' });
  });

  it('goes away when the line is unplugged, and can be made anew when it is back', async () => {
    const { simulator, closed, clock } = await openChannel();
    simulator.unplug(1000);
    expect(closed).toMatchObject([{ code: 'channel-closed' }]);
    await expect(new SimulatedChannel(simulator).open()).rejects.toMatchObject({ code: 'port-missing' });
    await clock.advance(1000);
    await new SimulatedChannel(simulator).open();
  });

  it('can be unplugged alone', async () => {
    const { channel, closed, simulator } = await openChannel();
    channel.unplug();
    expect(closed).toMatchObject([{ code: 'channel-closed' }]);
    expect(simulator.plugged).toBe(true);
  });

  it('shares the line with others: all hear the meter', async () => {
    const { channel, simulator, clock, received } = await openChannel();
    const other = new SimulatedChannel(simulator);
    const heard: number[] = [];
    other.onData((chunk) => heard.push(...chunk));
    await other.open();
    await channel.write(serialNumberRequest());
    await clock.advance(1000);
    expect(heard).toEqual(received);
  });
});
