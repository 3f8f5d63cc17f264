import { meterKeys } from '../meter/config.ts';
import { withoutUrlCredentials } from '../mqtt/config.ts';
import { applyKeys, parseValues, pickKnown } from '../schema/apply.ts';
import { type Audience, type Fault, FILE_AUDIENCE, firstOfEach, renderFault } from '../schema/fault.ts';
import type { Written } from '../schema/key.ts';
import { Multical2MqttError } from '../shared/errors.ts';
import { addonOptions } from './addon.ts';
import { type Config, configKeys, earlyFaults, outputFaults } from './keys.ts';
import { meterList } from './meter-rules.ts';
import {
  type Environment,
  environmentTexts,
  findConfigFile,
  overrideTexts,
  readConfigFile,
  secretTexts,
  textLayer,
} from './sources.ts';

export interface ConfigRequest {
  /** The path given with --config. */
  readonly file?: string | undefined;
  readonly environment: Environment;
  /** From the command line, by key path: `mqtt.url`; for a single meter `meter.port` and the like. */
  readonly overrides?: Readonly<Record<string, string | undefined>> | undefined;
  /** ./config.json is looked for here, and relative paths start here; default: the working directory. */
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
  const secret = secretTexts(environment, directory, configKeys);
  const overrides = overrideTexts(request.overrides ?? {}, configKeys, meterKeys);
  const file = findConfigFile({ file: request.file, environment, supervisorOptions, directory });
  const isAddon = file?.isAddonOptions ?? false;
  const refuse = (faults: readonly Fault[], audience: Audience, problems: readonly string[] = []) => {
    const rendered = faults.map((fault) => renderFault(fault, audience));
    return configError([...problems, ...rendered], file?.path ?? null, isAddon);
  };

  const read = file === null ? { value: {} } : readConfigFile(file);
  const early = [...secret.faults, ...overrides.faults];
  // Without the file nothing can be said about the whole.
  if ('problem' in read) throw refuse(early, FILE_AUDIENCE, [read.problem]);
  const addon = isAddon ? addonOptions(read.value) : undefined;
  if (addon !== undefined && addon.faults.length > 0)
    throw refuse([...addon.faults, ...early], addon.audience);

  const found = pickKnown(addon?.value ?? withoutSchemaHint(read.value), configKeys, directory);
  const texts = textLayer(configKeys, [
    ...environmentTexts(environment, configKeys),
    ...secret.texts,
    ...overrides.texts,
  ]);
  const standard = file === null || file.dataDir === null ? {} : { dataDir: file.dataDir };
  const layers = [standard, found.values, texts.values];
  const { written, faults } = applyKeys(configKeys, layers, directory);
  const meterTexts = [...environmentTexts(environment, meterKeys, 'METER_'), ...overrides.meterTexts];
  const metersInFile: readonly unknown[] = Array.isArray(written.meters) ? written.meters : [];
  const justInstalled = isAddon && metersInFile.length + meterTexts.length === 0;
  const meters = justInstalled ? { meters: [], faults: [] } : meterList(metersInFile, meterTexts, directory);
  const unusable =
    !Array.isArray(written.meters) || found.faults.some(({ path }) => path === '' || path === 'meters');

  const single = [...found.faults, ...faults].map((fault) => ({
    ...fault,
    origin: texts.origins.get(fault.path),
  }));
  // Values of wrong types have nothing to say to each other.
  const config = single.length === 0 ? { ...parsed(written), meters: meters.meters } : undefined;
  const all = [
    ...early,
    ...firstOfEach(single),
    ...earlyFaults(written, metersInFile.length),
    ...(config === undefined ? [] : outputFaults(config)),
    // An unusable list leaves no meter, which need not be said again.
    ...(unusable && meterTexts.length === 0 ? [] : meters.faults),
  ];
  if (config === undefined || all.length > 0) throw refuse(all, addon?.audience ?? FILE_AUDIENCE);
  return {
    config,
    file: file?.path ?? null,
    isAddon,
    namesBroker: [found.values, texts.values].some(namesBroker),
  };
}

function parsed(written: Written<typeof configKeys>): Config {
  const config = parseValues(configKeys, written);
  return { ...config, mqtt: withoutUrlCredentials(config.mqtt) };
}

function namesBroker(layer: { readonly mqtt?: { readonly url?: unknown } }): boolean {
  return layer.mqtt?.url !== undefined;
}

/** Editors read `$schema`; we do not. */
function withoutSchemaHint(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== '$schema'));
}

function configError(problems: readonly string[], file: string | null, isAddon: boolean): Multical2MqttError {
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
