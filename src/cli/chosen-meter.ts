import { realpathSync } from 'node:fs';
import type { Config } from '../config/keys.ts';
import { type ConfigRequest, type LoadedConfig, loadConfig } from '../config/load.ts';
import type { MeterConfig } from '../meter/config.ts';
import { nearest } from '../schema/suggest.ts';
import { hasCode, Multical2MqttError, messageOf } from '../shared/errors.ts';
import { isNetworkPort } from '../transport/open.ts';

interface Choice {
  /** As `portNamed` gives it. */
  readonly port?: string | undefined;
  /** The name of a configured one. */
  readonly meter?: string | undefined;
  readonly config?: string | undefined;
  readonly address?: number | undefined;
}

/** A meter of the configuration, the folder in which its bridge keeps what it knows, and the form of its points. */
export interface ConfiguredMeter extends Pick<Config, 'dataDir' | 'influxdb'> {
  readonly meter: MeterConfig;
}

/**
 * The configured meter that is meant: the one with this name, the only one, or the one at the port that was given. Undefined
 * for a port of which the configuration knows nothing. Error `usage` where it is not clear, `config` where there is none.
 */
export function chosenMeter(
  choice: Choice,
  environment: ConfigRequest['environment'],
): ConfiguredMeter | undefined {
  const { port, meter: name, config: file, address } = choice;
  if (port === undefined) {
    const { config } = loaded({ file, environment });
    return configuredMeter(meterNamed(name, config.meters), config);
  }
  if (name !== undefined)
    throw new Multical2MqttError(
      'usage',
      '--port and --meter both say which meter is meant: leave one of them out.',
    );
  const config = configIfAny({ file, environment });
  const there = config?.meters.filter((one) => isSamePort(one.port, port)) ?? [];
  const meter = there.find((one) => one.address === address) ?? there[0];
  return config && meter && configuredMeter(meter, config);
}

export function configuredMeter(meter: MeterConfig, { dataDir, influxdb }: Config): ConfiguredMeter {
  return { meter, dataDir, influxdb };
}

function loaded(request: ConfigRequest): LoadedConfig {
  try {
    return loadConfig(request);
  } catch (error) {
    if (!hasCode(error, 'config')) throw error;
    const instead =
      'Without a configuration, say where the meter is: --port /dev/serial/by-id/... or --port tcp://host:port (`multical2mqtt ports` lists what is there).';
    throw new Multical2MqttError('config', `${messageOf(error)}\n${instead}`, { cause: error });
  }
}

/** Whoever names a port needs no configuration; one that was named all the same must be right. */
function configIfAny(request: ConfigRequest): LoadedConfig['config'] | undefined {
  try {
    return loadConfig(request).config;
  } catch (error) {
    if (request.file !== undefined || !hasCode(error, 'config')) throw error;
    return undefined;
  }
}

function meterNamed(name: string | undefined, meters: readonly MeterConfig[]): MeterConfig {
  const [first, second] = meters;
  if (first === undefined)
    throw new Multical2MqttError('usage', 'The configuration has no meter yet: add one, or give --port.');
  const names = meters.map((meter) => meter.name);
  if (name === undefined) {
    if (second === undefined) return first;
    throw new Multical2MqttError('usage', `Which meter? Say ${orOf(names.map(optionOf))}.`);
  }
  const plain = name.trim().toLowerCase();
  const meant = meters.find((meter) => meter.name.toLowerCase() === plain);
  if (meant !== undefined) return meant;
  const close = nearest(name, names);
  const hint = close === null ? `There is ${orOf(names.map(optionOf))}.` : `Did you mean ${optionOf(close)}?`;
  throw new Multical2MqttError('usage', `No meter of the configuration is called "${name}". ${hint}`);
}

function optionOf(name: string): string {
  return `--meter ${JSON.stringify(name)}`;
}

function orOf(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}

/** `/dev/ttyUSB0` and its name below `by-id` are one port. */
function isSamePort(one: string, other: string): boolean {
  if (isNetworkPort(one)) return one.toLowerCase() === other.toLowerCase();
  return one === other || realPath(one) === realPath(other);
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
