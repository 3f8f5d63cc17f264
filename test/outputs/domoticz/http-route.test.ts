import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DomoticzConfig } from '../../../src/outputs/domoticz/config.ts';
import { DomoticzOutput } from '../../../src/outputs/domoticz/output.ts';
import { HttpRoute, type HttpRouteOptions } from '../../../src/outputs/domoticz/routes.ts';
import type { Reading } from '../../../src/readings/reading.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { LOCALHOST_CERTIFICATE, LOCALHOST_KEY } from '../../mqtt/support/localhost-certificate.ts';
import { number, reading } from '../../readings/support/readings.ts';
import { CollectingLogger } from '../../support/collecting-logger.ts';
import { eventually } from '../../support/eventually.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { METER } from '../support/meter-readings.ts';
import { outputParts } from '../support/output-parts.ts';
import { DomoticzServer } from './support/domoticz-server.ts';

// The server at the other end is ours: Domoticz itself is in no distribution and could not be tried.

const DEVICES = [
  { meter: null, quantity: 'heat_energy', index: 12, type: 'value' },
  { meter: null, quantity: 'power', index: 13, type: 'usage' },
  { meter: null, quantity: 'info', index: 14, type: 'value' },
] as const;
const SECRET = 'hunter2 æ';

let logger: CollectingLogger;
let changes: number;
const cleanups: (() => Promise<void>)[] = [];

beforeEach(() => {
  logger = new CollectingLogger();
  changes = 0;
});

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function serve(options?: ConstructorParameters<typeof DomoticzServer>[0]): Promise<DomoticzServer> {
  const server = await new DomoticzServer(options).start();
  cleanups.push(() => server.stop());
  return server;
}

function domoticzConfig(url: string): DomoticzConfig {
  const access = { username: '', password: '', ca: '', rejectUnauthorized: true };
  return { enabled: true, topic: 'domoticz/in', url, devices: DEVICES, ...access };
}

function outputTo(url: string, changed: Partial<HttpRouteOptions> = {}): DomoticzOutput {
  const config = domoticzConfig(url);
  const parts = outputParts({ clock: changed.clock ?? systemClock, logger, changed: () => changes++ });
  const route = new HttpRoute({
    ...config,
    ...parts,
    retryDelay: { first: 20, longest: 50 },
    ...changed,
  });
  const output = new DomoticzOutput(config, parts, route);
  cleanups.push(() => output.stop());
  output.start();
  return output;
}

function energy(text: string): Reading {
  return reading(60, number(text), 'GJ');
}

function read(output: DomoticzOutput, ...fresh: Reading[]): void {
  output.readingTaken(METER, fresh, fresh);
}

describe('Domoticz over HTTP', () => {
  it('is told each value of a reading, with all of its decimals', async () => {
    const server = await serve();
    const output = outputTo(server.url);
    const info = {
      ...reading(99, { kind: 'text', value: 'air; 100 % & more æ' } as const, ''),
      quantity: 'info',
    };
    read(
      output,
      energy('84.810'),
      reading(80, number('4.0'), 'kW'),
      info,
      reading(86, number('65.20'), '°C'),
    );
    expect(output.health).toMatchObject({ waiting: 3, delivered: 0, lastDelivery: null, problem: null });
    await eventually(() => output.health.delivered === 3);
    expect(server.updates).toEqual([
      { index: 12, svalue: '84.810' },
      { index: 13, svalue: '4000' },
      { index: 14, svalue: 'air; 100 % & more æ' },
    ]);
    expect(server.requests[0]).toEqual({
      target: '/json.htm?type=command&param=udevice&idx=12&nvalue=0&svalue=84.810',
      authorization: undefined,
    });
    expect(output.health).toMatchObject({
      waiting: 0,
      refused: 0,
      lost: 0,
      lastDelivery: expect.any(Number),
    });
    expect(changes).toBe(6);
    expect(logger.all).toEqual([]);
  });

  it('is found below a path, with or without the last part of its address', async () => {
    const server = await serve({ path: '/domoticz' });
    for (const ending of ['', '/', '/json.htm']) {
      const output = outputTo(`${server.url}${ending}`);
      read(output, energy('1.0'));
      await eventually(() => output.health.delivered === 1);
    }
  });

  it('lets in who has the password, over TLS of a private authority', async () => {
    const server = await serve({ tls: { cert: LOCALHOST_CERTIFICATE, key: LOCALHOST_KEY } });
    server.user = `heat:${SECRET}`;
    const credentials = { username: 'heat', password: SECRET };
    const ca = join(temporaryFolder({ 'ca.pem': LOCALHOST_CERTIFICATE }), 'ca.pem');
    const trusted = outputTo(server.url, { ...credentials, ca });
    read(trusted, energy('84.817'));
    await eventually(() => trusted.health.delivered === 1);
    const careless = outputTo(server.url, { ...credentials, rejectUnauthorized: false });
    read(careless, energy('84.818'));
    await eventually(() => careless.health.delivered === 1);
    const stranger = outputTo(server.url, credentials);
    read(stranger, energy('84.819'));
    await eventually(() => stranger.health.problem);
    expect(stranger.health.problem).toMatch(/its certificate is signed by somebody unknown/);
    expect(server.told(12)).toEqual(['84.817', '84.818']);
  });

  it('waits with one line in the log where it is not let in, and never shows the password', async () => {
    const server = await serve();
    server.user = `heat:${SECRET}`;
    const output = outputTo(server.url, { username: 'heat', password: `${SECRET} of old` });
    read(output, energy('84.817'));
    await eventually(() => server.requests.length > 3);
    expect(output.health).toMatchObject({ waiting: 1, refused: 0 });
    expect(logger.said('warn')).toEqual([
      expect.stringMatching(
        /^Domoticz cannot be told\. http:.* it does not let this user in \(401\); check domoticz/,
      ),
    ]);
    expect(JSON.stringify([logger.all, output.health])).not.toMatch(/hunter2|aGVhd/);
    server.user = `heat:${SECRET} of old`;
    await eventually(() => output.health.delivered === 1);
    expect(output.health.problem).toBeNull();
    expect(logger.said('info')).toEqual([
      expect.stringMatching(/^Domoticz can be told again\. The trouble lasted .*, and was met \d+ times\.$/),
    ]);
  });

  it('says that it wants a user where none is configured', async () => {
    const server = await serve();
    server.user = 'heat:x';
    const output = outputTo(server.url);
    read(output, energy('84.817'));
    await eventually(() => output.health.problem);
    expect(output.health.problem).toMatch(/it wants a user \(401\); set domoticz\.username/);
  });

  it('gets only the newest value of each device when it is back', async () => {
    const server = await serve();
    const { url } = server;
    await server.stop();
    const output = outputTo(url);
    read(output, energy('84.817'), reading(80, number('4.0'), 'kW'));
    await eventually(() => output.health.problem);
    read(output, energy('84.818'));
    read(output, energy('84.819'));
    expect(output.health.waiting).toBe(2);
    await server.start();
    await eventually(() => output.health.delivered === 2 && output.health.waiting === 0);
    expect(server.told(12)).toEqual(['84.819']);
    expect(server.told(13)).toEqual(['4000']);
    expect(output.health).toMatchObject({ lost: 2, problem: null });
    expect(logger.matching(/^warn .*nothing listens there/)).toHaveLength(1);
    expect(logger.all).toHaveLength(2);
  });

  it('refuses one device without harm to the others, and is asked again with the next reading only', async () => {
    const server = await serve();
    server.devices.delete(12);
    server.forbidden.add(13);
    const output = outputTo(server.url);
    const info = { ...reading(99, { kind: 'text', value: 'no error' } as const, ''), quantity: 'info' };
    const all = [energy('84.817'), reading(80, number('4.0'), 'kW'), info];
    read(output, ...all);
    await eventually(() => server.told(14).length === 1);
    read(output, ...all);
    await eventually(() => server.told(14).length === 2 && output.health.waiting === 0);
    expect(output.health).toMatchObject({ delivered: 2, refused: 4, lost: 0 });
    expect(output.health.problem).toMatch(
      /^The value of Domoticz device 12 \("heat_energy"\) is refused: Domoticz answers ERR/,
    );
    expect(server.requests).toHaveLength(6);
    expect(logger.told).toEqual([
      expect.stringMatching(
        /^warn .* device 12 \("heat_energy"\) is refused: Domoticz answers ERR\. Is there a device with this number/,
      ),
      expect.stringMatching(/^warn .* device 13 \("power"\) is refused: this user may not change it \(403\)/),
    ]);
    server.devices.add(12);
    server.forbidden.clear();
    read(output, ...all);
    await eventually(() => output.health.delivered === 5);
    expect(output.health.problem).toBeNull();
    expect(logger.said('info')).toEqual([
      'Domoticz device 12 takes values now',
      'Domoticz device 13 takes values now',
    ]);
  });

  it.each([
    ['another server', 200, '<html>', /what answers there is not Domoticz/],
    ['JSON of something else', 200, '[]', /what answers there is not Domoticz/],
    ['a text', 200, '"OK"', /what answers there is not Domoticz/],
    ['a wrong path', 404, '', /it answers with HTTP status 404; is domoticz\.url the address/],
    ['a broken proxy', 502, '', /it answers with HTTP status 502/],
    [
      'a word of its own',
      200,
      '{"status":"ERR","message":"no hardware"}',
      /Domoticz answers ERR \(no hardware\)\. Is there/,
    ],
  ])('is told apart from %s', async (_, status, body, problem) => {
    const server = await serve();
    server.instead = (_request, response) => response.writeHead(status).end(body);
    const output = outputTo(server.url);
    read(output, energy('84.817'));
    await eventually(() => output.health.problem);
    expect(output.health.problem).toMatch(problem);
    expect(output.health.delivered).toBe(0);
  });

  it('is tried less and less often while it is away', async () => {
    const clock = new FakeClock();
    const server = await serve();
    server.instead = (_request, response) => response.writeHead(502).end();
    const output = outputTo(server.url, { clock, retryDelay: { first: 5_000, longest: 300_000 } });
    read(output, energy('84.817'));
    for (const [tries, delay] of [5_000, 10_000, 20_000].entries()) {
      await eventually(() => clock.pendingTimers === 1);
      expect(server.requests).toHaveLength(tries + 1);
      await clock.advance(delay - 1);
      expect(clock.pendingTimers).toBe(1);
      await clock.advance(1);
    }
    await eventually(() => clock.pendingTimers === 1);
    await output.stop();
    expect(clock.pendingTimers).toBe(0);
  });

  it('leaves no timer and no socket when it is stopped in the middle of a request', async () => {
    const clock = new FakeClock();
    const server = await serve();
    server.instead = () => {};
    const output = outputTo(server.url, { clock });
    read(output, energy('84.817'));
    await eventually(() => server.requests.length === 1);
    await output.stop();
    await eventually(() => server.connections === 0);
    read(output, energy('84.818'));
    expect(clock.pendingTimers).toBe(0);
    expect(server.requests).toHaveLength(1);
    expect(logger.all).toEqual([]);
  });

  it('keeps the newest value until it is started, and is not asked before', async () => {
    const server = await serve();
    const parts = outputParts({ clock: systemClock, logger });
    const output = new DomoticzOutput(domoticzConfig(server.url), parts);
    cleanups.push(() => output.stop());
    read(output, energy('84.817'));
    read(output, energy('84.818'));
    output.start();
    await eventually(() => output.health.delivered === 1);
    expect(server.told(12)).toEqual(['84.818']);
  });

  it('warns once of a quantity that its device cannot show', async () => {
    const server = await serve();
    const output = outputTo(server.url);
    for (let times = 0; times < 2; times++) read(output, reading(80, number('4.0'), 'l/h'));
    expect(logger.all).toEqual([
      'warn domoticz.devices: "power" cannot go to device 13 as "usage": "power" comes in l/h, and it must be a power. Nothing is sent; see docs/domoticz.md.',
    ]);
    expect(output.health.waiting).toBe(0);
  });
});
