import { existsSync, readFileSync } from 'node:fs';
import { dirname, posix, resolve, win32 } from 'node:path';
import JSON5 from 'json5';
import { syntaxProblem } from './broken-json.ts';
import type { Environment } from './sources.ts';

export interface ConfigFile {
  readonly path: string;
  /** Who named the path, or what the place is, for messages. */
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
  /** The system's configuration folder of this program. */
  readonly systemFolder: string;
}

interface FileSearch {
  /** Null: there is none. A file that somebody named is returned even if it is missing, to be complained about. */
  readonly file: ConfigFile | null;
  /** Every path that was looked at in vain. */
  readonly inVain: readonly string[];
}

/** Git ignores it, so that a password in it stays on this machine. */
export const OWN_FILE = 'multical2mqtt.json';
/** In a clone it is the example that comes with the program. */
const FILE = 'config.json';
const FOLDER = 'multical2mqtt';

/** The one file to read. */
export function findConfigFile(request: FileRequest): FileSearch {
  const { file, environment, supervisorOptions, directory, systemFolder } = request;
  const named = environment.MULTICAL2MQTT_CONFIG ?? '';
  if (file !== undefined) return found(resolve(directory, file), '--config');
  if (named !== '') return found(resolve(directory, named), 'MULTICAL2MQTT_CONFIG');
  if ((environment.SUPERVISOR_TOKEN ?? '') !== '' && existsSync(supervisorOptions)) {
    const dataDir = dirname(supervisorOptions);
    return {
      file: { path: supervisorOptions, origin: 'Home Assistant', dataDir, isAddonOptions: true },
      inVain: [],
    };
  }
  const user = userFolder(environment);
  const places = [
    { path: resolve(directory, OWN_FILE), origin: STARTED_IN },
    ...(user === undefined
      ? []
      : [{ path: resolve(user, FILE), origin: "this user's configuration folder" }]),
    { path: resolve(systemFolder, FILE), origin: "the system's configuration folder" },
    { path: resolve(directory, FILE), origin: STARTED_IN },
  ];
  const at = places.findIndex(({ path }) => existsSync(path));
  const place = places[at];
  const inVain = places.slice(0, at < 0 ? places.length : at).map(({ path }) => path);
  return place === undefined ? { file: null, inVain } : { ...found(place.path, place.origin), inVain };
}

const STARTED_IN = 'the folder that this program was started in';

function found(path: string, origin: string): FileSearch {
  return { file: { path, origin, dataDir: null, isAddonOptions: false }, inVain: [] };
}

/** Where this system has configurations of a user; undefined where it does not say who that is. */
export function userFolder(environment: Environment, platform = process.platform): string | undefined {
  const { XDG_CONFIG_HOME = '', HOME = '', APPDATA = '' } = environment;
  const { join, isAbsolute } = platform === 'win32' ? win32 : posix;
  // By its specification a relative one is to be ignored.
  if (isAbsolute(XDG_CONFIG_HOME)) return join(XDG_CONFIG_HOME, FOLDER);
  if (platform === 'win32') return APPDATA === '' ? undefined : join(APPDATA, FOLDER);
  if (HOME === '') return undefined;
  return platform === 'darwin'
    ? join(HOME, 'Library/Application Support', FOLDER)
    : join(HOME, '.config', FOLDER);
}

/** Where the Supervisor writes an add-on's options. */
export function supervisorOptionsIn(environment: Environment): string {
  return environment.SUPERVISOR_OPTIONS ?? '/data/options.json';
}

/** Where this system has configurations of its own. */
export function systemFolder(environment: Environment, platform = process.platform): string {
  if (platform === 'win32') return win32.join(environment.ProgramData || 'C:\\ProgramData', FOLDER);
  return platform === 'darwin' ? `/Library/Application Support/${FOLDER}` : `/etc/${FOLDER}`;
}

/** The content of the file, or for a person why it cannot be read. */
export function readConfigFile(file: ConfigFile): { value: unknown } | { problem: string } {
  let text: string;
  try {
    text = textOf(readFileSync(file.path));
  } catch (error) {
    return { problem: readProblem(file, error) };
  }
  try {
    return { value: JSON5.parse(text) };
  } catch (error) {
    return { problem: syntaxProblem(file.path, text, error as SyntaxError) };
  }
}

function readProblem({ path, origin }: ConfigFile, error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') {
    return `The file ${path} does not exist. Create it (config.json of this program is a start), or correct the path given by ${origin}`;
  }
  if (code === 'EISDIR') return `${path} is a folder. Give the path of a file (now given by ${origin})`;
  return `The file ${path} (given by ${origin}) cannot be read (${code}). Allow this program's user to read it, or name another one with --config`;
}

/** PowerShell's `>` and older editors of Windows write UTF-16; the first two bytes say so. */
function textOf(bytes: Buffer): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return bytes.toString('utf8');
}
