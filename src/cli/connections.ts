import { offeredBroker } from '../addon/offered-broker.ts';
import { bridgeIn } from '../app/data-lock.ts';
import { statisticsAccess } from '../app/statistics-access.ts';
import { secretsOf } from '../config/keys.ts';
import type { LoadedConfig } from '../config/load.ts';
import { brokersIn } from '../mqtt/broker-list.ts';
import type { BrokerAccess } from '../mqtt/broker-url.ts';
import { logIn } from '../mqtt/login.ts';
import { brokerAddress } from '../mqtt/report.ts';
import { OUTPUTS } from '../outputs/all.ts';
import { systemClock } from '../shared/clock.ts';
import { Multical2MqttError, messageOf } from '../shared/errors.ts';
import type { Logger } from '../shared/logger.ts';
import type { SafeText } from '../shared/secrets.ts';
import { HomeAssistantConnection } from '../statistics/connection.ts';
import { type ConfiguredMeter, configuredMeter } from './chosen-meter.ts';
import { commandLogger, type Io } from './io.ts';
import { identifyMeter } from './one-shot.ts';

export interface TriedConnection {
  readonly outcome: 'reached' | 'failed' | 'left';
  /** A sentence with the name of what was tried. */
  readonly text: SafeText;
}

/**
 * Tries what the configuration names, one after the other: each meter with one identification, each broker with a
 * log-in, each server without leaving anything there, Home Assistant where statistics go to it. A port that a running bridge reads over is left alone.
 */
export async function* tryConnections(loaded: LoadedConfig, io: Io): AsyncGenerator<TriedConnection> {
  const { config } = loaded;
  for (const secret of secretsOf(config)) io.secrets.add(secret);
  const told = (outcome: TriedConnection['outcome'], name: string, text: string): TriedConnection => ({
    outcome,
    text: io.secrets.hideIn(`${name}: ${text}`),
  });
  const attempt = (name: string, action: () => Promise<string>): Promise<TriedConnection> =>
    action().then(
      (text) => told('reached', name, text),
      (error) => told('failed', name, messageOf(error)),
    );

  const logger = commandLogger(io, 'error');
  const bridge = await bridgeIn(config.dataDir, logger);
  for (const meter of config.meters) {
    const name = `${meter.name} at ${meter.port}`;
    yield bridge === undefined
      ? await attempt(name, () => identified(configuredMeter(meter, config), logger))
      : told('left', name, `a bridge runs in ${config.dataDir} (${bridge}) and reads over this port`);
  }
  if (config.mqtt.enabled) {
    const brokers = await brokersOf(loaded, io).catch((error: unknown) => messageOf(error));
    if (typeof brokers === 'string') yield told('failed', 'MQTT', brokers);
    else
      for (const broker of brokers)
        yield await attempt('MQTT', async () => {
          const answer = await logIn(config.mqtt, broker, { clock: systemClock, random: Math.random });
          if ('problem' in answer) throw new Multical2MqttError('failed', answer.problem.words);
          return `${brokerAddress(broker.url)} lets us in`;
        });
  }
  for (const { label, reach } of OUTPUTS) {
    const answer = await reach(config).then(
      (text) => text && told('reached', label, text),
      (error) => told('failed', label, messageOf(error)),
    );
    if (answer) yield answer;
  }
  const access = statisticsAccess(loaded, io.environment);
  if (access !== undefined)
    yield await attempt('Home Assistant', async () => {
      (await HomeAssistantConnection.open(access, { clock: systemClock })).close();
      return `${access.url} lets us in`;
    });
}

async function identified(configured: ConfiguredMeter, logger: Logger): Promise<string> {
  const found = await identifyMeter({ ...configured.meter, configured, logger });
  return `${found.meter.model ?? 'a meter of an unknown model'}, serial number ${found.meter.serialNumber}`;
}

/** Rejects with a sentence where Home Assistant is to name the broker and knows none. */
async function brokersOf(
  { config, isAddon, namesBroker }: LoadedConfig,
  io: Io,
): Promise<readonly BrokerAccess[]> {
  if (!isAddon || namesBroker) return brokersIn(config.mqtt);
  const broker = await offeredBroker(io.environment, config.mqtt, io.secrets)(io.signal);
  if (broker === undefined)
    throw new Error('Home Assistant offers no broker: install the add-on "Mosquitto broker"');
  return [broker];
}
