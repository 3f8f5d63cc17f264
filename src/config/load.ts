import { Multical2MqttError } from '../shared/errors.ts';
import { addonOptions } from './addon.ts';
import type { Config, MeterConfig, MqttConfig } from './config.ts';
import { devicesOf } from './domoticz-kinds.ts';
import { tagsOf } from './influxdb-kinds.ts';
import { configKeys } from './keys.ts';
import { meterKeys } from './meter-keys.ts';
import { meterList } from './meter-rules.ts';
import { outputFaults } from './output-rules.ts';
import { applyKeys, pickKnown, renderFaults } from './schema.ts';
import {
  type Environment,
  environmentTexts,
  findConfigFile,
  overrideTexts,
  readConfigFile,
  secretTexts,
  textLayer,
} from './sources.ts';

/** Moves credentials out of the URL, where they would show up in logs, into the keys that they belong to. */
function withoutUrlCredentials(mqtt: MqttConfig): MqttConfig {
  const { username, password } = new URL(mqtt.url);
  if (username === '' && password === '') return mqtt;
  return {
    ...mqtt,
    url: mqtt.url.replace(/\/\/[^/?#]*@/, '//'),
    username: mqtt.username || decoded(username),
    password: mqtt.password || decoded(password),
  };
}

/** A stray % that encodes nothing is meant as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export interface ConfigRequest {
  /** The path given with --config. */
  readonly file?: string | undefined;
  readonly environment: Environment;
  /** From the command line, by key path: `mqtt.url`; for a single meter `meter.port` and the like. */
  readonly overrides?: Readonly<Record<string, string | undefined>> | undefined;
  readonly checkCron: (expression: string) => boolean;
  /** Every name of a quantity; without them any name will do. */
  readonly quantities?: readonly string[];
  /** Where ./config.json is looked for and relative paths start; default: the working directory. */
  readonly directory?: string | undefined;
  /** Default: /data/options.json. Its folder is then the default of `dataDir`. */
  readonly supervisorOptions?: string | undefined;
}

export interface LoadedConfig {
  readonly config: Config;
  /** The absolute path of the file that was read. */
  readonly file: string | null;
  /** The file is what Home Assistant's form for add-ons wrote. */
  readonly isAddon: boolean;
  /** Somebody named a broker; else `mqtt.url` is just the default. */
  readonly namesBroker: boolean;
}

/** Defaults < file < environment < command line. Throws `config` with every fault at once. */
export function loadConfig(request: ConfigRequest): LoadedConfig {
  const { environment, directory = process.cwd() } = request;
  const { supervisorOptions = environment.SUPERVISOR_OPTIONS ?? '/data/options.json' } = request;
  const keys = configKeys(directory, request.quantities);
  const keysOfMeter = meterKeys(request.checkCron, request.quantities);

  const secret = secretTexts(environment, directory, keys);
  const overrides = overrideTexts(request.overrides ?? {}, keys, keysOfMeter);
  const file = findConfigFile({ file: request.file, environment, supervisorOptions, directory });
  const path = file?.path ?? null;
  const read = file === null ? { value: {} } : readConfigFile(file);
  const early = [...secret.problems, ...overrides.problems];
  // Without the file nothing can be said about the whole.
  if ('problem' in read) throw configError([read.problem, ...early], path, file?.isAddonOptions);

  const addon = file?.isAddonOptions ? addonOptions(read.value, request.checkCron) : undefined;
  if (addon !== undefined && addon.problems.length > 0)
    throw configError([...addon.problems, ...early], path, file?.isAddonOptions);
  const found = pickKnown(addon?.value ?? withoutSchemaHint(read.value), keys);
  const texts = textLayer(keys, [
    ...environmentTexts(environment, keys),
    ...secret.texts,
    ...overrides.texts,
  ]);
  const standard = file === null || file.dataDir === null ? {} : { dataDir: file.dataDir };
  const { values, faults } = applyKeys<Config>(keys, [standard, found.values, texts.values]);
  const meterTexts = [...environmentTexts(environment, keysOfMeter), ...overrides.meterTexts];
  const metersInFile: readonly unknown[] = Array.isArray(values.meters) ? values.meters : [];
  const justInstalled = addon !== undefined && metersInFile.length + meterTexts.length === 0;
  const meters = justInstalled
    ? { meters: [], problems: [] }
    : meterList(metersInFile, meterTexts, keysOfMeter);
  const unusable =
    !Array.isArray(values.meters) || found.faults.some(({ path }) => path === '' || path === 'meters');

  const single = [...found.faults, ...faults];
  // Values of wrong types have nothing to say to each other.
  const config = single.length === 0 ? normalized(values, meters.meters) : undefined;
  const problems = [
    ...early,
    ...renderFaults(single, { at: '', origins: texts.origins }),
    ...certificateProblems(values.mqtt),
    ...(values.compatibility.valuesTopic !== '' && metersInFile.length > 1 ? [ONE_METER_ONLY] : []),
    ...(config === undefined ? [] : outputFaults(config)),
    // That no meter is left of an unusable list is no news.
    ...(unusable && meterTexts.length === 0 ? [] : meters.problems),
  ].map((problem) => addon?.rename(problem) ?? problem);
  if (config === undefined || problems.length > 0) throw configError(problems, path, file?.isAddonOptions);
  return {
    config,
    file: path,
    isAddon: addon !== undefined,
    namesBroker: [found.values, texts.values].some(namesBroker),
  };
}

/** Lists that may be written as texts, and credentials where they belong. */
function normalized(values: Config, meters: readonly MeterConfig[]): Config {
  const { mqtt, influxdb, domoticz } = values;
  return {
    ...values,
    meters,
    mqtt: withoutUrlCredentials(mqtt),
    influxdb: { ...influxdb, tags: tagsOf(influxdb.tags) },
    domoticz: { ...domoticz, devices: devicesOf(domoticz.devices) },
  };
}

function namesBroker(layer: { readonly mqtt?: { readonly url?: unknown } }): boolean {
  return layer.mqtt?.url !== undefined;
}

const ONE_METER_ONLY =
  'compatibility.valuesTopic: must be empty where there are several meters, because that topic has no place for more than one';

/** Editors read `$schema`; we do not. */
function withoutSchemaHint(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== '$schema'));
}

function certificateProblems({ cert, key }: MqttConfig): readonly string[] {
  if (cert !== '' && key === '') {
    return ['mqtt.key: must be set too, because mqtt.cert is: a certificate is of use only with its key'];
  }
  if (key !== '' && cert === '') {
    return ['mqtt.cert: must be set too, because mqtt.key is: a key is of use only with its certificate'];
  }
  return [];
}

function configError(problems: readonly string[], file: string | null, isAddon = false): Multical2MqttError {
  const where = file === null ? 'no file; environment and command line only' : file;
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  const lines = problems.map((problem) => `  - ${problem}`);
  return new Multical2MqttError(
    'config',
    [
      `The configuration (${where}) has ${count}:`,
      ...lines,
      // Users of the add-on have no other files, and its options have names of their own.
      isAddon
        ? 'The tab Documentation of this add-on explains every option.'
        : 'docs/configuration.md explains every key.',
    ].join('\n'),
    { problems },
  );
}
