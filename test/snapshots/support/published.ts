import { HttpReceiver } from '../../support/http-receiver.ts';
import { MemoryBroker } from './memory-broker.ts';
import { type Call, RecordedOutputs } from './wiring.ts';

type Keys = Readonly<Record<string, unknown>>;

const LOOKED = 2_000;
const DIAGNOSTICS = 'multical2mqtt/bridge/diagnostics';
/** Of a meter; and the health of outputs, because how often that is another one depends on servers and the disk. */
const NOT_OF_THE_BRIDGE = /^R \S+\/\d+\/|^R \S+_\d+\/|^R \S+\/bridge\/diagnostics /;
const SERVERS: Readonly<Record<string, 'domoticz' | 'webhook'>> = { domoticz: 'domoticz', hook: 'webhook' };

/** Everything at the broker, in order, and at the end what it holds. */
export async function brokerMessages(calls: readonly Call[], keys: Keys): Promise<readonly string[]> {
  const { broker, outputs } = await begun(calls, keys);
  await outputs.start();
  // The broker has handed out all that it holds.
  await outputs.clock.advance(LOOKED);
  let step = '';
  for (const call of calls) {
    if (call.step !== step) broker.messages.push(`== ${call.step}`);
    step = call.step;
    await outputs.take(call);
  }
  broker.messages.push('== some time later');
  await outputs.clock.advance(60_000);
  broker.messages.push('== Home Assistant starts');
  broker.say('homeassistant/status', 'online');
  await outputs.clock.advance(20_000);
  const { serialNumber } = (calls.at(-1)?.given[0] ?? {}) as { serialNumber?: string };
  broker.messages.push('== asked for a reading, then forgotten');
  broker.say(`multical2mqtt/${serialNumber}/read`, 'READ');
  const held = [...broker.held];
  await outputs.forget(`${serialNumber}`);
  await outputs.stop();
  const logged = outputs.logger.lines.filter(({ level }) => level !== 'debug');
  return [
    ...broker.messages,
    '== held before it was forgotten',
    ...held.sort(([a], [b]) => (a < b ? -1 : 1)).map((entry) => entry.join(' ')),
    '== log',
    ...logged.map(({ level, message }) => `${level} ${message}`),
  ];
}

interface Elsewhere {
  /** By the first part of the path: several servers are served at once, each in an order of its own. */
  readonly requests: Readonly<Record<'influxdb' | 'domoticz' | 'webhook', readonly string[]>>;
  readonly broker: readonly string[];
  readonly metrics: readonly string[];
}

/** What goes elsewhere than to the broker, and what the bridge says of that. `keys` are made with a server's address. */
export async function elsewhere(
  calls: readonly Call[],
  metricsPort: number,
  keys: (url: string) => Keys,
): Promise<Elsewhere> {
  const requests = { influxdb: [] as string[], domoticz: [] as string[], webhook: [] as string[] };
  const server = await new HttpReceiver(({ method, url, headers, body }) => {
    const told = ['authorization', 'content-type', 'content-encoding', 'user-agent', 'idempotency-key'];
    const signed = Object.keys(headers).filter((name) => name.startsWith('x-'));
    const shown = [...told, ...signed].flatMap((name) =>
      headers[name] ? [`${name}: ${headers[name]}`] : [],
    );
    const to = SERVERS[url.pathname.split('/')[1] ?? ''] ?? 'influxdb';
    requests[to].push(`${method} ${url.pathname}${url.search}`, ...shown, ...(body === '' ? [] : [body]));
    return to === 'domoticz'
      ? { status: 200, body: '{"status":"OK","title":"Update Device"}' }
      : { status: 204 };
  }).start();
  const metrics = { enabled: true, port: metricsPort };
  const { broker, outputs } = await begun(calls, { metrics, ...keys(server.url) });
  await outputs.start();
  await outputs.clock.advance(LOOKED);
  const scraped: string[] = [];
  let step = '';
  for (const call of calls) {
    if (call.step !== step) {
      if (step !== '') scraped.push(`== ${step}`, await scrape(metricsPort));
      for (const each of Object.values(requests)) each.push(`== ${call.step}`);
      broker.messages.push(`== ${call.step}`);
    }
    step = call.step;
    await outputs.take(call);
  }
  scraped.push('== the end', await scrape(metricsPort));
  await outputs.clock.advance(10_000);
  await outputs.stop();
  const logged = outputs.logger.lines.filter(({ level }) => level !== 'debug');
  return {
    requests,
    broker: [
      ...broker.messages.filter((line) => !NOT_OF_THE_BRIDGE.test(line)),
      `at the end: ${DIAGNOSTICS} ${broker.held.get(DIAGNOSTICS)}`,
      '== log',
      ...logged.map(({ level, message }) => `${level} ${message}`.replaceAll(`${metricsPort}`, 'PORT')),
    ],
    metrics: scraped,
  };
}

async function begun(calls: readonly Call[], keys: Keys) {
  const broker = new MemoryBroker();
  const outputs = await RecordedOutputs.make(keys, broker, (calls[0]?.at ?? 0) - LOOKED);
  return { broker, outputs };
}

async function scrape(port: number): Promise<string> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return text.replace(/^(multical2mqtt_resident_memory_bytes) .*$/m, '$1 BYTES');
}
