import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import {
  findConfigFile,
  OWN_FILE,
  readConfigFile,
  supervisorOptionsIn,
  systemFolder,
} from '../config/config-file.ts';
import type { Environment } from '../config/sources.ts';
import { isPlaceholder } from '../meter/validators.ts';
import { Multical2MqttError } from '../shared/errors.ts';
import { type Fields, isObject } from '../shared/stored.ts';
import { metersIn } from './plan.ts';

/** The file that a set-up writes, and what it begins with. */
export interface Target {
  /** Absolute. */
  readonly path: string;
  readonly current: Fields;
  /** The file that `current` was read from; null: there is none yet. */
  readonly from: string | null;
}

interface Request {
  /** Given with --config. */
  readonly file: string | undefined;
  readonly environment: Environment;
  readonly directory: string;
  readonly systemFolder?: string;
}

/**
 * The file in use, or the one that Git ignores. The example of the program and a file in a clone are read, if there is
 * something in them, but never written: a password in them would go where the clone goes. Error `config` where the file
 * cannot be read, `usage` where it is Home Assistant's form.
 */
export function targetOf({ file, environment, directory, ...request }: Request): Target {
  const found = findConfigFile({
    file,
    environment,
    directory,
    systemFolder: request.systemFolder ?? systemFolder(environment),
    supervisorOptions: supervisorOptionsIn(environment),
  }).file;
  const own = resolve(directory, OWN_FILE);
  if (found === null) return { path: own, current: {}, from: null };
  if (found.isAddonOptions)
    throw new Multical2MqttError(
      'usage',
      'Inside of Home Assistant the add-on is set up in its own form: open its tab Configuration.',
    );
  if (!existsSync(found.path)) return { path: found.path, current: {}, from: null };
  const read = readConfigFile(found);
  if ('problem' in read) throw new Multical2MqttError('config', `${read.problem}.`);
  if (!isObject(read.value))
    throw new Multical2MqttError('config', `${found.path} must hold an object { ... }.`);
  const current = read.value;
  if (isExample(current)) return { path: isNamed(found.origin) ? found.path : own, current: {}, from: null };
  const path = !isNamed(found.origin) && isInClone(found.path) ? own : found.path;
  return { path, current, from: found.path };
}

function isNamed(origin: string): boolean {
  return origin === '--config' || origin === 'MULTICAL2MQTT_CONFIG';
}

/** The configuration that comes with the program: its one port is none. */
function isExample(current: Fields): boolean {
  return metersIn(current).some(({ port }) => isPlaceholder(port));
}

/** `config.json` at the top of a clone is followed by Git. */
function isInClone(path: string): boolean {
  return path.endsWith('config.json') && existsSync(join(dirname(path), '.git'));
}
