import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { FrameReader } from '../../src/kmp/frame.ts';
import { decodeMessage, type Message } from '../../src/kmp/messages.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { Simulator } from '../../src/simulator/simulator.ts';
import { serveTcp, type TcpServer } from '../../src/simulator/tcp-server.ts';
import { seededRandom, serialNumberRequest, silent } from './support/virtual-line.ts';

const cleanUp: (() => unknown)[] = [];

afterEach(async () => {
  for (const action of cleanUp.splice(0).reverse()) await action();
});

function fastSimulator(): Simulator {
  const simulator = new Simulator({
    meters: [{ model: '403' }],
    baudRate: 115_200,
    turnaround: 1,
    clock: systemClock,
    random: seededRandom(),
    logger: silent,
  });
  cleanUp.push(() => simulator.stop());
  return simulator;
}

async function serve(simulator = fastSimulator()): Promise<{ server: TcpServer; simulator: Simulator }> {
  const server = await serveTcp({ line: simulator, port: 0, logger: silent });
  cleanUp.push(() => server.close());
  return { server, simulator };
}

async function client(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  cleanUp.push(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

function nextReply(socket: Socket): Promise<Message> {
  const reader = new FrameReader();
  return new Promise((resolve) => {
    socket.on('data', (chunk) => {
      for (const item of reader.push(chunk)) if (item.kind === 'frame') resolve(decodeMessage(item.frame));
    });
  });
}

const SERIAL = { kind: 'serial-no', serialNumber: 84_968_362 };

describe('a meter on TCP', () => {
  it('answers', async () => {
    const { server } = await serve();
    const socket = await client(server.port);
    const reply = nextReply(socket);
    socket.write(serialNumberRequest());
    expect(await reply).toEqual(SERIAL);
  });

  it('tells every client, as a serial server does', async () => {
    const { server } = await serve();
    const [one, two] = [await client(server.port), await client(server.port)];
    const replies = Promise.all([nextReply(one), nextReply(two)]);
    one.write(serialNumberRequest());
    expect(await replies).toEqual([SERIAL, SERIAL]);
  });

  it('drops its clients when it is unplugged, and takes them again at the same port', async () => {
    const { server } = await serve();
    const socket = await client(server.port);
    const closed = once(socket, 'close');
    await server.unplug();
    await closed;
    await expect(client(server.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await server.unplug();
    await server.replug();
    await server.replug();
    const again = await client(server.port);
    const reply = nextReply(again);
    again.write(serialNumberRequest());
    expect(await reply).toEqual(SERIAL);
  });

  it('goes with its line', async () => {
    const { server, simulator } = await serve();
    const closed = once(await client(server.port), 'close');
    simulator.unplug();
    await closed;
    simulator.replug();
    await server.replug();
    await client(server.port);
  });

  it('survives a client that resets its connection', async () => {
    const { server } = await serve();
    const rude = await client(server.port);
    rude.write(serialNumberRequest());
    rude.resetAndDestroy();
    const socket = await client(server.port);
    const reply = nextReply(socket);
    socket.write(serialNumberRequest());
    expect(await reply).toEqual(SERIAL);
  });

  it('says what to do when the port is taken', async () => {
    const { server, simulator } = await serve();
    await expect(serveTcp({ line: simulator, port: server.port, logger: silent })).rejects.toMatchObject({
      code: 'port-failed',
      message: expect.stringContaining('Choose another port'),
    });
  });

  it('logs when its port was taken in the meantime', async () => {
    const errors: string[] = [];
    const simulator = fastSimulator();
    const logger = { ...silent, error: (message: string) => errors.push(message) };
    const server = await serveTcp({ line: simulator, port: 0, logger });
    cleanUp.push(() => server.close());
    await server.unplug();
    const thief = await serveTcp({ line: fastSimulator(), port: server.port, logger: silent });
    cleanUp.push(() => thief.close());
    simulator.unplug();
    simulator.replug();
    await expect(server.replug()).rejects.toMatchObject({ code: 'port-failed' });
    expect(errors).toHaveLength(1);
  });

  it('says in words who has its port', async () => {
    const { server } = await serve();
    const second = serveTcp({ line: fastSimulator(), port: server.port, logger: silent });
    await expect(second).rejects.toThrow(
      /^Cannot listen on 127\.0\.0\.1:\d+: (this program itself|another program) has port \d+ of 127\.0\.0\.1\. Choose/,
    );
  });

  it('leaves no socket and no listener after its close', async () => {
    const { server, simulator } = await serve();
    const closed = once(await client(server.port), 'close');
    await server.close();
    await closed;
    await server.close();
    simulator.unplug();
    simulator.replug();
    await expect(client(server.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
