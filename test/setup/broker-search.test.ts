import { type AddressInfo, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import makeMdns from 'multicast-dns';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findBrokers } from '../../src/setup/broker-search.ts';
import { LOCALHOST_CERTIFICATE, LOCALHOST_KEY } from '../mqtt/support/localhost-certificate.ts';
import { TestBroker } from '../mqtt/support/test-broker.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { freePort } from '../support/free-port.ts';
import { silentPort } from '../support/silent-port.ts';

type Places = NonNullable<Parameters<typeof findBrokers>[0]['places']>;

/** Where nobody is, unless a test says so. */
async function find(places: Partial<Places> = {}, ports: readonly string[] = []) {
  const clock = new FakeClock();
  const searching = findBrokers({
    clock,
    random: Math.random,
    ports,
    places: {
      plain: await freePort(),
      tls: await freePort(),
      addressesOf: () => Promise.reject(new Error('ENOTFOUND')),
      mdns: { port: await freePort(), interface: '127.0.0.1', bind: '0.0.0.0' },
      ...places,
    },
  });
  let found: Awaited<typeof searching> | undefined;
  void searching.then((all) => {
    found = all;
  });
  // Slowly enough for the sockets to keep up.
  return await eventually(async () => {
    await clock.advance(10);
    return found;
  });
}

async function aedes(tls = false): Promise<TestBroker> {
  const broker = await new TestBroker(
    tls ? { cert: LOCALHOST_CERTIFICATE, key: LOCALHOST_KEY } : undefined,
  ).start();
  onTestFinished(() => broker.stop());
  return broker;
}

describe('a search for brokers', () => {
  it('finds none where there is none, and does not hang', async () => {
    expect(await find()).toEqual([]);
  });

  it('finds the one on this machine once, by the name that lasts, and says whether it wants a password', async () => {
    const broker = await aedes();
    const own = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
    const addresses = own.filter(({ address }) => !address.startsWith('fe80')).map(({ address }) => address);
    const places = { plain: broker.port, addressesOf: async () => addresses };
    const found = await find(places, [`tcp://127.0.0.1:3333`, '/dev/ttyUSB0']);
    expect(found).toEqual([
      {
        url: `mqtt://localhost:${broker.port}`,
        foundBy: 'on this machine',
        alsoAt: ['core-mosquitto', 'mosquitto', 'homeassistant.local', '127.0.0.1'].map(
          (name) => `mqtt://${name}:${broker.port}`,
        ),
        isBroker: true,
        isTls: false,
        login: 'none',
        isLasting: true,
      },
    ]);
    broker.credentials = { username: 'heat', password: 'hunter2-s3cret' };
    expect(await find({ plain: broker.port })).toMatchObject([{ isBroker: true, login: 'needed' }]);
  });

  it('finds one with TLS, and says what is wrong with its certificate', async () => {
    const [plain, secure] = [await aedes(), await aedes(true)];
    expect(await find({ plain: plain.port, tls: secure.port })).toMatchObject([
      { url: `mqtt://localhost:${plain.port}`, isTls: false },
      {
        url: `mqtts://localhost:${secure.port}`,
        isTls: true,
        isBroker: true,
        distrust: expect.stringMatching(/certificate that is not trusted/),
      },
    ]);
  });

  it('finds one at the host of a gateway, though only by a number', async () => {
    const broker = await aedes();
    const places = { plain: broker.port, names: [] };
    expect(await find(places, ['tcp://127.0.0.1:3333'])).toMatchObject([
      {
        url: `mqtt://127.0.0.1:${broker.port}`,
        foundBy: 'at the host of the gateway tcp://127.0.0.1:3333',
        isLasting: false,
      },
    ]);
  });

  it('takes nothing for a broker that only listens', async () => {
    const { port } = await silentPort();
    const web = createServer((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    );
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void web.close());
    for (const plain of [Number(port.split(':').at(-1)), (web.address() as AddressInfo).port])
      expect(await find({ plain })).toMatchObject([{ isBroker: false, login: 'unknown' }]);
  });

  it('is over in time though a name is looked up without end', async () => {
    const broker = await aedes();
    const clock = new FakeClock();
    let found: Awaited<ReturnType<typeof findBrokers>> | undefined;
    void findBrokers({
      clock,
      random: Math.random,
      places: {
        plain: broker.port,
        tls: await freePort(),
        addressesOf: () => new Promise(() => {}),
        mdns: { port: await freePort(), interface: '127.0.0.1', bind: '0.0.0.0' },
      },
    }).then((all) => {
      found = all;
    });
    await eventually(() => broker.attempts > 0);
    for (let step = 0; step < 200; step++) await clock.advance(10);
    await eventually(() => found);
    expect(found).toMatchObject([{ url: `mqtt://localhost:${broker.port}` }]);
    expect(clock.pendingTimers).toBe(0);
  });
});

/** Announces on the loopback interface what machines in a home announce. */
async function responder(answers: (host: string) => Parameters<ReturnType<typeof makeMdns>['respond']>[0]) {
  const port = await freePort();
  const mdns = makeMdns({ port, interface: '127.0.0.1', bind: '0.0.0.0' });
  onTestFinished(() => new Promise<void>((resolve) => mdns.destroy(() => resolve())));
  mdns.on('error', () => {});
  let asked = 0;
  mdns.on('query', ({ questions }) => {
    asked += questions?.length ?? 0;
    for (const { name } of questions ?? []) mdns.respond(answers(name));
  });
  await new Promise<void>((resolve) => mdns.once('ready', resolve));
  return { place: { port, interface: '127.0.0.1', bind: '0.0.0.0' }, asked: () => asked };
}

/** False in a container without multicast. */
async function hasMulticast(): Promise<boolean> {
  const port = await freePort();
  const mdns = makeMdns({ port, interface: '127.0.0.1', bind: '0.0.0.0' });
  const heard = await new Promise<boolean>((resolve) => {
    mdns.on('error', () => resolve(false));
    mdns.on('query', () => resolve(true));
    mdns.query('nobody.local', 'A', () => setTimeout(() => resolve(false), 1_000));
  });
  mdns.destroy();
  if (!heard) process.stderr.write('SKIPPED: tests that need multicast, because there is none here\n');
  return heard;
}

describe.skipIf(!(await hasMulticast()))('what the network announces', () => {
  it('is found, by the name of its machine where the system knows that, else by its number', async () => {
    const broker = await aedes();
    const { place } = await responder((name) =>
      name === '_mqtt._tcp.local'
        ? [
            { name, type: 'PTR', data: 'Cellar\u0007._mqtt._tcp.local' },
            {
              name: 'Cellar\u0007._mqtt._tcp.local',
              type: 'SRV',
              data: { target: 'pi.local', port: broker.port },
            },
            { name: 'pi.local', type: 'A', data: '127.0.0.1' },
          ]
        : [],
    );
    const places = { names: [], mdns: place };
    expect(await find({ ...places, addressesOf: async () => ['127.0.0.1'] })).toMatchObject([
      {
        url: `mqtt://pi.local:${broker.port}`,
        foundBy: 'because it announces itself in the network ("Cellar")',
        isLasting: true,
      },
    ]);
    expect(await find(places)).toMatchObject([{ url: `mqtt://127.0.0.1:${broker.port}`, isLasting: false }]);
  });

  it('is asked for piece by piece where it does not say all at once; Home Assistant stands for its broker', async () => {
    const broker = await aedes();
    const instance = 'Home._home-assistant._tcp.local';
    const host = '0123456789abcdef0123456789abcdef.local';
    const { place } = await responder((name) => {
      if (name === '_home-assistant._tcp.local') return [{ name, type: 'PTR', data: instance }];
      if (name === instance) return [{ name, type: 'SRV', data: { target: host, port: 8123 } }];
      return name === host ? [{ name, type: 'A', data: '127.0.0.1' }] : [];
    });
    const places = { plain: broker.port, names: [], mdns: place };
    expect(await find(places)).toMatchObject([
      {
        url: `mqtt://127.0.0.1:${broker.port}`,
        foundBy: 'on the machine that announces Home Assistant ("Home")',
      },
    ]);
  });
});

describe('a system without multicast', () => {
  it('only finds nothing by it', async () => {
    const broker = await aedes();
    // No interface has this address; the port of a name service belongs to root.
    for (const mdns of [{ interface: '203.0.113.7' }, { interface: '203.0.113.7', port: 53 }])
      expect(await find({ plain: broker.port, mdns })).toMatchObject([{ isBroker: true }]);
  });
});
