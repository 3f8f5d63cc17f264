import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import JSON5 from 'json5';
import { putAt } from '../schema/apply.ts';
import type { Fault } from '../schema/fault.ts';
import { flattenKeys, type Keys, variableOf } from '../schema/key.ts';

/** A text for a key, and what a person would look for to change it: `MQTT_URL`, `command line`. */
export interface TextValue {
  readonly path: string;
  readonly text: string;
  readonly origin: string;
}

/** Values given as text, in the form that a file has, and where each one came from. */
interface TextLayer {
  readonly values: object;
  readonly origins: ReadonlyMap<string, string>;
}

/** Later texts win. Every path must be one of `keys`. */
export function textLayer(keys: Keys, texts: readonly TextValue[]): TextLayer {
  const values: Record<string, unknown> = {};
  const origins = new Map<string, string>();
  const known = new Map(flattenKeys(keys));
  for (const { path, text, origin } of texts) {
    putAt(values, path, known.get(path)?.validator.read(text));
    origins.set(path, origin);
  }
  return { values, origins };
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Values of the environment. An empty variable counts as not set: compose files hand on what they do not have as "".
 * `prefix`: of the variables of these keys, `METER_`.
 */
export function environmentTexts(environment: Environment, keys: Keys, prefix = ''): readonly TextValue[] {
  return flattenKeys(keys).flatMap(([path, key]) => {
    const origin = variableOf(path, key, prefix);
    const text = origin === undefined ? undefined : environment[origin];
    return origin === undefined || text === undefined || text === '' ? [] : [{ path, text, origin }];
  });
}

/** Secrets from files (Docker secrets: `MQTT_PASSWORD_FILE`), and what is wrong with those. */
export function secretTexts(
  environment: Environment,
  directory: string,
  keys: Keys,
): { texts: readonly TextValue[]; faults: readonly Fault[] } {
  const texts: TextValue[] = [];
  const faults: Fault[] = [];
  for (const [path, key] of flattenKeys(keys)) {
    const variable = key.secret === true ? variableOf(path, key) : undefined;
    const origin = `${variable}_FILE`;
    const file = environment[origin] ?? '';
    if (variable === undefined || file === '') continue;
    if ((environment[variable] ?? '') !== '') {
      faults.push({ path, text: `${variable} and ${origin} are both set; keep one and remove the other` });
      continue;
    }
    try {
      const text = readFileSync(resolve(directory, file), 'utf8').replace(/\r?\n$/, '');
      texts.push({ path, text, origin });
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      const reason = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
      const text = `the file ${JSON.stringify(file)} ${reason}; it must hold the ${path.split('.').pop()}`;
      faults.push({ path, text, origin });
    }
  }
  return { texts, faults };
}

interface ConfigFile {
  readonly path: string;
  /** Names the origin of the path, for messages. */
  readonly origin: string;
  /** The default of `dataDir` that goes with this file; null: none. */
  readonly dataDir: string | null;
  /** Written by Home Assistant's form for add-ons, not by a person. */
  readonly isAddonOptions: boolean;
}

interface FileRequest {
  readonly file?: string | undefined;
  readonly environment: Environment;
  /** The Home Assistant Supervisor writes an app's options here. */
  readonly supervisorOptions: string;
  readonly directory: string;
}

/** The one file to read, or null. A file that somebody named is returned even if it is missing, to be complained about. */
export function findConfigFile(request: FileRequest): ConfigFile | null {
  const { file, environment, supervisorOptions, directory } = request;
  if (file !== undefined)
    return { path: resolve(directory, file), origin: '--config', dataDir: null, isAddonOptions: false };
  const named = environment.MULTICAL2MQTT_CONFIG ?? '';
  if (named !== '') {
    return {
      path: resolve(directory, named),
      origin: 'MULTICAL2MQTT_CONFIG',
      dataDir: null,
      isAddonOptions: false,
    };
  }
  if ((environment.SUPERVISOR_TOKEN ?? '') !== '' && existsSync(supervisorOptions)) {
    return {
      path: supervisorOptions,
      origin: 'Home Assistant',
      dataDir: dirname(supervisorOptions),
      isAddonOptions: true,
    };
  }
  const path = resolve(directory, 'config.json');
  return existsSync(path)
    ? { path, origin: 'the folder that this program was started in', dataDir: null, isAddonOptions: false }
    : null;
}

const METER = 'meter.';

/** Values of the command line, by key path; `meter.port` and the like belong to a single meter. Undefined: none. */
export function overrideTexts(
  overrides: Readonly<Record<string, string | undefined>>,
  keys: Keys,
  meterKeys: Keys,
): { texts: readonly TextValue[]; meterTexts: readonly TextValue[]; faults: readonly Fault[] } {
  const known = pathsOf(keys);
  const knownOfMeter = pathsOf(meterKeys);
  const texts: TextValue[] = [];
  const meterTexts: TextValue[] = [];
  const faults: Fault[] = [];
  for (const [path, text] of Object.entries(overrides)) {
    if (text === undefined) continue;
    const ofMeter = path.startsWith(METER) ? path.slice(METER.length) : '';
    const origin = 'command line';
    if (knownOfMeter.has(ofMeter)) meterTexts.push({ path: ofMeter, text, origin });
    else if (known.has(path)) texts.push({ path, text, origin });
    else faults.push({ path, text: 'unknown key', origin });
  }
  return { texts, meterTexts, faults };
}

function pathsOf(keys: Keys): ReadonlySet<string> {
  return new Set(flattenKeys(keys).map(([path]) => path));
}

/** The content of the file, or one line for a person about why it cannot be read. */
export function readConfigFile(file: ConfigFile): { value: unknown } | { problem: string } {
  try {
    return { value: JSON5.parse(readFileSync(file.path, 'utf8')) };
  } catch (error) {
    return {
      problem: error instanceof SyntaxError ? syntaxProblem(file, error) : readProblem(file, error),
    };
  }
}

function readProblem({ path, origin }: ConfigFile, error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') {
    return `The file ${path} does not exist. Create it (config.json of this program is a start), or correct the path given by ${origin}`;
  }
  if (code === 'EISDIR') return `${path} is a folder. Give the path of a file (now given by ${origin})`;
  return `The file ${path} (given by ${origin}) cannot be read (${code}). Allow this program's user to read it`;
}

/** json5 says what character it did not expect; that may be part of a password, so only the place is passed on. */
function syntaxProblem({ path }: ConfigFile, error: SyntaxError): string {
  const { lineNumber, columnNumber } = error as SyntaxError & { lineNumber: number; columnNumber: number };
  const hint = error.message.includes('end of input')
    ? 'the file ends too early, a closing } or ] or a quotation mark is missing'
    : 'look there and at the line before for a missing comma, colon, bracket or quotation mark, or one too many';
  return `The file ${path} is not valid JSON at line ${lineNumber}, column ${columnNumber}: ${hint}`;
}
