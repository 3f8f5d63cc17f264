import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Environment } from './environment-texts.ts';

export interface ConfigFile {
  readonly path: string;
  /** Who named the file, for messages. */
  readonly origin: string;
  /** Where data belongs unless a key says otherwise; null: no opinion. */
  readonly dataDir: string | null;
  /** Written by Home Assistant's form for add-ons, not by a person. */
  readonly isAddonOptions: boolean;
}

interface FileRequest {
  readonly file?: string | undefined;
  readonly environment: Environment;
  /** Where a Home Assistant Supervisor puts an app's options. */
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
