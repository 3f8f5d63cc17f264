import { writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { type LoginSettings, tryLogin } from '../../src/setup/broker-login.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { Secrets } from '../../src/shared/secrets.ts';
import { LOCALHOST_CERTIFICATE, LOCALHOST_KEY } from '../mqtt/support/localhost-certificate.ts';
import { hasMosquitto, Mosquitto } from '../mqtt/support/mosquitto.ts';
import { Observer } from '../mqtt/support/observer.ts';
import { TestBroker } from '../mqtt/support/test-broker.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { freePort } from '../support/free-port.ts';
import { silentPort } from '../support/silent-port.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const PASSWORD = 'hunter2-s3cret';

function attempt(settings: LoginSettings, clock = systemClock) {
  return tryLogin(settings, {
    clock,
    random: Math.random,
    secrets: new Secrets(),
    discoveryPrefix: 'homeassistant',
  });
}

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function aedes(tls?: ConstructorParameters<typeof TestBroker>[0]): Promise<TestBroker> {
  const broker = await new TestBroker(tls).start();
  onTestFinished(() => broker.stop());
  return broker;
}

const TLS = { cert: LOCALHOST_CERTIFICATE, key: LOCALHOST_KEY };

describe('a log-in that works', () => {
  it('tries what the bridge will publish, and leaves nothing', async () => {
    const broker = await aedes();
    const { outcome, texts } = await attempt({ url: broker.url, baseTopic: 'heat' });
    expect({ outcome, texts }).toEqual({
      outcome: 'in',
      texts: [`${broker.url} lets us in, and takes what the bridge publishes.`],
    });
    expect(broker.tried).toEqual(['heat/bridge/check', 'homeassistant/device/multical2mqtt_check/check']);
    const late = await Observer.connect(broker.url);
    onTestFinished(() => late.end());
    await late.publish('mark', 'mark', false);
    expect([late.latest('heat/bridge/check'), broker.clients]).toEqual([undefined, 1]);
  });

  it('takes user name and password out of the address, with TLS and its own authority', async () => {
    const broker = await aedes(TLS);
    broker.credentials = { username: 'heat', password: PASSWORD };
    const ca = join(temporaryFolder(), 'ca.pem');
    writeFileSync(ca, LOCALHOST_CERTIFICATE);
    const url = `mqtts://heat:${PASSWORD}@localhost:${broker.port}`;
    expect(await attempt({ url, ca })).toMatchObject({ outcome: 'in' });
  });
});

describe('a log-in that does not, and why:', () => {
  async function refused(settings: LoginSettings) {
    const { outcome, matter, texts } = await attempt(settings);
    expect([outcome, texts.length]).toEqual(['out', 1]);
    expect(texts[0]).not.toContain(PASSWORD);
    return { matter, text: texts[0] };
  }

  it('wrong password, or none', async () => {
    const broker = await aedes();
    broker.credentials = { username: 'heat', password: 'another' };
    expect(await refused({ url: broker.url, username: 'heat', password: PASSWORD })).toEqual({
      matter: 'credentials',
      text: expect.stringMatching(
        /refuses the user name or password: check mqtt\.username and mqtt\.password\.$/,
      ),
    });
    expect(await refused({ url: broker.url })).toEqual({
      matter: 'credentials',
      text: expect.stringMatching(/lets nobody in without a user name and a password: set mqtt\.username/),
    });
  });

  it('nobody listens there, or the name is not known', async () => {
    expect(await refused({ url: `mqtt://127.0.0.1:${await freePort()}` })).toEqual({
      matter: 'address',
      text: expect.stringMatching(/refuses the connection: is the broker running/),
    });
    expect(await refused({ url: 'mqtt://no-such-host.invalid' })).toEqual({
      matter: 'address',
      text: expect.stringMatching(/host name that (is not known|cannot be looked up)/),
    });
    expect(await refused({ url: `http://me:${PASSWORD}@localhost` })).toMatchObject({ matter: 'address' });
  });

  it('a certificate that nobody knows, or one for another name', async () => {
    const broker = await aedes(TLS);
    expect(await refused({ url: broker.url })).toEqual({
      matter: 'certificate',
      text: expect.stringMatching(
        /certificate that is not trusted: name the file of its authority in mqtt\.ca/,
      ),
    });
    const ca = join(temporaryFolder(), 'ca.pem');
    writeFileSync(ca, LOCALHOST_CERTIFICATE);
    expect(await refused({ url: `mqtts://127.0.0.1:${broker.port}`, ca })).toEqual({
      matter: 'certificate',
      text: expect.stringMatching(/certificate for another name \(localhost\): use that name in mqtt\.url/),
    });
    expect(await refused({ url: broker.url, ca: '/no/such/file' })).toMatchObject({ matter: 'certificate' });
  });

  it('a web server, with and without TLS', async () => {
    const port = await portOf(createHttpServer());
    const text = expect.stringMatching(/answers like a web server, not like an MQTT broker/);
    expect(await refused({ url: `mqtt://127.0.0.1:${port}` })).toEqual({ matter: 'address', text });
    expect(await refused({ url: `mqtts://127.0.0.1:${port}` })).toEqual({ matter: 'address', text });
  });

  it('TLS where none was meant, and the other way round', async () => {
    const [plain, secure] = [await aedes(), await aedes(TLS)];
    expect(await refused({ url: `mqtt://localhost:${secure.port}` })).toEqual({
      matter: 'address',
      text: expect.stringContaining(`speaks TLS on this port: write mqtts://localhost:${secure.port}.`),
    });
    expect(await refused({ url: `mqtts://localhost:${plain.port}` })).toEqual({
      matter: 'address',
      text: expect.stringContaining(
        `speaks MQTT without TLS on this port: write mqtt://localhost:${plain.port},`,
      ),
    });
  });

  it('something that hangs up, or says what is none of MQTT', async () => {
    const hangsUp = await portOf(createServer((socket) => socket.end()));
    const ssh = await portOf(
      createServer((socket) => socket.on('error', () => {}).write('SSH-2.0-OpenSSH_9.2\r\n')),
    );
    for (const port of [hangsUp, ssh])
      expect(await refused({ url: `mqtt://127.0.0.1:${port}` })).toEqual({
        matter: 'address',
        text: expect.stringMatching(/does not answer like an MQTT broker: is the port right\?/),
      });
  });

  it('something that says nothing', async () => {
    const { port, sockets } = await silentPort();
    const clock = new FakeClock();
    let result: Awaited<ReturnType<typeof attempt>> | undefined;
    void attempt({ url: port.replace('tcp:', 'mqtt:') }, clock).then((answer) => {
      result = answer;
    });
    await eventually(() => sockets.size > 0);
    await eventually(async () => {
      await clock.advance(500);
      return result;
    });
    expect(result).toEqual({
      outcome: 'out',
      matter: 'address',
      texts: [expect.stringMatching(/takes the connection but does not answer: is this an MQTT port\?/)],
    });
    await eventually(() => sockets.size === 0);
  });
});

describe('a broker that closes over what the bridge publishes', () => {
  it('is told apart from one that takes it', async () => {
    const broker = await aedes();
    broker.closesOver.add('multical2mqtt/bridge/check');
    const { outcome, texts } = await attempt({ url: broker.url });
    expect(outcome).toBe('narrow');
    expect(texts).toEqual([
      expect.stringMatching(/closes the connection whenever we listen to multical2mqtt\/bridge\/check/),
      expect.stringMatching(/"topic readwrite multical2mqtt\/#"/),
    ]);
    expect(broker.tried.at(-1)).toBe('homeassistant/device/multical2mqtt_check/check');
  });
});

describe.skipIf(!hasMosquitto())('Mosquitto', () => {
  const brokers: Mosquitto[] = [];
  afterEach(async () => {
    for (const broker of brokers.splice(0)) await broker.remove();
  });

  async function mosquitto(rules?: readonly string[]): Promise<Mosquitto> {
    const broker = new Mosquitto();
    brokers.push(broker);
    broker.rules = rules;
    await broker.start();
    broker.allow('heat');
    // It reads its passwords again when it has the time.
    await eventually(async () => {
      const heat = await Observer.connect(broker.url, { username: 'heat', password: broker.password }).catch(
        () => undefined,
      );
      await heat?.end();
      return heat !== undefined;
    });
    return broker;
  }

  it.each([4, 5] as const)('with a password, by protocol version %s', async (protocolVersion) => {
    const broker = await mosquitto();
    const { url, password } = broker;
    expect(await attempt({ url, username: 'heat', password, protocolVersion })).toMatchObject({
      outcome: 'in',
    });
    const wrong = await attempt({ url, username: 'heat', password: PASSWORD, protocolVersion });
    expect(wrong).toMatchObject({ outcome: 'out', matter: 'credentials' });
    expect(wrong.texts[0]).toMatch(/check mqtt\.username and mqtt\.password/);
    const none = await attempt({ url, protocolVersion });
    expect(none).toMatchObject({ outcome: 'out', matter: 'credentials' });
    expect(none.texts[0]).toMatch(/lets nobody in without a user name/);
  });

  it('whose rules are too narrow: each one that is missing is named', async () => {
    const { url, password } = await mosquitto(['topic write multical2mqtt/#']);
    const { outcome, texts } = await attempt({ url, username: 'heat', password });
    expect(outcome).toBe('narrow');
    expect(texts).toEqual([
      expect.stringMatching(
        /takes what is published to multical2mqtt\/bridge\/check, but hands nothing.*"topic readwrite multical2mqtt\/#"/,
      ),
      expect.stringMatching(
        /refuses publishing to homeassistant\/device\/multical2mqtt_check\/config.*"topic readwrite homeassistant\/#"/,
      ),
    ]);
  });

  it('whose rules are as narrow as can be', async () => {
    const { url, password } = await mosquitto([
      'topic readwrite multical2mqtt/#',
      'topic readwrite homeassistant/device/+/config',
    ]);
    expect(await attempt({ url, username: 'heat', password })).toMatchObject({ outcome: 'in' });
  });
});
