import type { Language } from '../catalogue/texts/languages.ts';
import { type MeterConfig, meterKeys } from '../meter/config.ts';
import { applyKeys, pickKnown } from '../schema/apply.ts';
import { type Fault, FILE_AUDIENCE, firstOfEach, renderFault } from '../schema/fault.ts';
import type { Written } from '../schema/key.ts';
import { Multical2MqttError } from '../shared/errors.ts';
import type { webKeys } from '../web/config.ts';
import { doorAdvice, doorOf } from '../web/door.ts';
import { addonOptions } from './addon.ts';
import {
  type ConfigFile,
  findConfigFile,
  readConfigFile,
  supervisorOptionsIn,
  systemFolder,
} from './config-file.ts';
import { contradictions, parsedAll } from './contradictions.ts';
import { exposedSecret } from './exposed-secret.ts';
import { type Config, configKeys } from './keys.ts';
import { meterList } from './meter-rules.ts';
import { type Environment, environmentTexts, overrideTexts, secretTexts, textLayer } from './sources.ts';

export interface ConfigRequest {
  /** The path given with --config. */
  readonly file?: string | undefined;
  readonly environment: Environment;
  /** From the command line, by key path: `mqtt.url`; for a single meter `meter.port` and the like. */
  readonly overrides?: Readonly<Record<string, string | undefined>> | undefined;
  /** Files are looked for here, and relative paths start here; default: the working directory. */
  readonly directory?: string | undefined;
  /** Default: /data/options.json. Its folder is then the default of `dataDir`. */
  readonly supervisorOptions?: string | undefined;
  /** Where the system has configurations of this program; default: where this one has them. */
  readonly systemFolder?: string | undefined;
  /** What the file is to say, in place of what it says. */
  readonly content?: unknown;
}

export interface LoadedConfig {
  readonly config: Config;
  /** The absolute path of the file that was read. */
  readonly file: string | null;
  /** The file is what Home Assistant's form for add-ons wrote. */
  readonly isAddon: boolean;
  /** Somebody named a broker; else `mqtt.url` is just the default. */
  readonly namesBroker: boolean;
  /** Undefined where nobody chose one. */
  readonly ownLanguage: Language | undefined;
  /** Sentences about what is no fault, but should be another way. */
  readonly advice: readonly string[];
}

/** What there is to say about a configuration, faulty or not. */
export interface Inspection {
  readonly file: ConfigFile | null;
  /** Where a file was looked for in vain. */
  readonly inVain: readonly string[];
  /** Every fault, in words. */
  readonly problems: readonly string[];
  /** Meters without a fault of their own. */
  readonly meters: readonly MeterConfig[];
  readonly advice: readonly string[];
  /** Where there is no fault. */
  readonly loaded: LoadedConfig | undefined;
}

/** Defaults < file < environment < command line. Throws `config` with every fault at once. */
export function loadConfig(request: ConfigRequest): LoadedConfig {
  const inspection = inspectConfig(request);
  if (inspection.loaded === undefined) throw configError(inspection);
  return inspection.loaded;
}

/** The same, with all that is known where there are faults. */
export function inspectConfig(request: ConfigRequest): Inspection {
  const { environment, directory = process.cwd() } = request;
  const { supervisorOptions = supervisorOptionsIn(environment) } = request;
  const secret = secretTexts(environment, directory, configKeys);
  const overrides = overrideTexts(request.overrides ?? {}, configKeys, meterKeys);
  const { file, inVain } = findConfigFile({
    file: request.file,
    environment,
    supervisorOptions,
    directory,
    systemFolder: request.systemFolder ?? systemFolder(environment),
  });
  const isAddon = file?.isAddonOptions ?? false;

  const read =
    request.content !== undefined
      ? { value: request.content }
      : file === null
        ? { value: {} }
        : readConfigFile(file);
  const isReadable = 'value' in read;
  const addon = isReadable && isAddon ? addonOptions(read.value) : undefined;
  const content = isReadable ? (addon?.value ?? withoutSchemaHint(read.value)) : {};
  const found = pickKnown(content, configKeys, directory);
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
  // Of a file that cannot be read nobody knows what meters it has.
  const mayBeNone = isAddon || !isReadable || showsPage(written.web);
  const isNone = metersInFile.length + meterTexts.length === 0;
  const meters = mayBeNone && isNone ? NO_METERS : meterList(metersInFile, meterTexts, directory);
  const unusable =
    !Array.isArray(written.meters) || found.faults.some(({ path }) => path === '' || path === 'meters');

  const single = [...found.faults, ...faults].map((fault) => ({
    ...fault,
    origin: texts.origins.get(fault.path),
  }));
  const faulty = new Set([...single.map(({ path }) => path), ...(addon?.faultyKeys ?? [])]);
  const beside = { meters: (meters.names ?? []).map((name) => ({ name })) };
  const whole = [
    ...firstOfEach(single),
    ...contradictions(written, faulty, metersInFile.length, beside, isAddon),
    // An unusable list leaves no meter, which need not be said again.
    ...(unusable && meterTexts.length === 0 ? [] : meters.faults),
  ];
  const audience = addon?.audience ?? FILE_AUDIENCE;
  const rendered = (some: readonly Fault[]) => some.map((fault) => renderFault(fault, audience));
  const problems = [
    ...(isReadable ? [] : [read.problem]),
    ...rendered([...(addon?.faults ?? []), ...secret.faults, ...overrides.faults]),
    // What a file has that cannot be read is missing nowhere else.
    ...rendered(
      isReadable ? whole.filter((fault) => !addon?.tells(fault)) : whole.filter(({ origin }) => origin),
    ),
  ];
  const exposed = file === null || isAddon ? undefined : exposedSecret(file.path, found.values);
  const shut = isAddon || problems.length > 0 ? undefined : doorAdvice(parsedAll(written).web);
  const none = !isAddon && problems.length === 0 && meters.meters.length === 0 ? NO_METER_YET : undefined;
  const advice = [none, exposed, shut].filter((sentence) => sentence !== undefined);
  const loaded = (): LoadedConfig => ({
    config: { ...parsedAll(written), meters: meters.meters },
    file: file?.path ?? null,
    isAddon,
    namesBroker: [found.values, texts.values].some(namesBroker),
    ownLanguage: [found.values, texts.values].some(namesLanguage) ? parsedAll(written).language : undefined,
    advice,
  });
  return {
    file,
    inVain,
    problems,
    meters: meters.meters,
    advice,
    loaded: problems.length === 0 ? loaded() : undefined,
  };
}

const NO_METERS: ReturnType<typeof meterList> = { meters: [], names: [], faults: [] };

const NO_METER_YET =
  'No meter is configured yet: open the page and set it up there, or run `multical2mqtt setup`';

/** Values may still be of wrong types. */
function showsPage({ enabled, host, password, auth }: Written<typeof webKeys>): boolean {
  return enabled === true && doorOf({ host: String(host), password: String(password), auth }) !== 'shut';
}

function namesBroker(layer: { readonly mqtt?: { readonly url?: unknown } }): boolean {
  return layer.mqtt?.url !== undefined;
}

function namesLanguage(layer: { readonly language?: unknown }): boolean {
  return layer.language !== undefined;
}

/** Editors read `$schema`; we do not. */
function withoutSchemaHint(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== '$schema'));
}

function configError({ file, inVain, problems }: Inspection): Multical2MqttError {
  const where = file === null ? 'no file; environment and command line only' : file.path;
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  const lines = problems.map((problem) => `  - ${problem}`);
  return new Multical2MqttError(
    'config',
    [
      `The configuration (${where}) has ${count}:`,
      ...lines,
      ...(file === null ? [lookedFor(inVain)] : []),
      // Users of the add-on have no other files, and its options have names of their own.
      file?.isAddonOptions
        ? 'The tab Documentation of this add-on explains every option.'
        : 'docs/configuration.md explains every key.',
    ].join('\n'),
    { problems },
  );
}

/** For whoever believes to have a file. */
export function lookedFor(inVain: readonly string[]): string {
  return `No configuration file was found; looked for ${inVain.join(', ')}. \`multical2mqtt setup\` makes one.`;
}
