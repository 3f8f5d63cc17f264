import { join } from 'node:path';
import { expect } from 'vitest';
import { type ConfigRequest, type LoadedConfig, loadConfig } from '../../../src/config/load.ts';
import { Multical2MqttError } from '../../../src/shared/errors.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

export const METER = { name: 'Heat', port: '/dev/ttyUSB0' };

/** Loads in a folder without a file, unless told otherwise. */
export function load(request: Partial<ConfigRequest> = {}): LoadedConfig {
  const systemFolder = join(temporaryFolder(), 'none');
  return loadConfig({ environment: {}, directory: temporaryFolder(), systemFolder, ...request });
}

/** Loads a config.json with this content (an object: as JSON). */
export function loadFile(content: unknown, request: Partial<ConfigRequest> = {}): LoadedConfig {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return load({ directory: temporaryFolder({ 'config.json': text }), ...request });
}

/** Loads as the program does under a Supervisor that wrote these options. */
export function loadOptions(options: unknown, environment: Readonly<Record<string, string>> = {}) {
  const folder = temporaryFolder({ 'options.json': JSON.stringify(options) });
  return {
    folder,
    loaded: () =>
      load({
        environment: { SUPERVISOR_TOKEN: 'x', SUPERVISOR_OPTIONS: `${folder}/options.json`, ...environment },
      }),
  };
}

/** What loading complains about. */
export function problemsOf(loading: () => unknown): readonly string[] {
  return errorOf(loading).problems;
}

export function errorOf(loading: () => unknown): Multical2MqttError {
  try {
    loading();
  } catch (error) {
    expect(error).toBeInstanceOf(Multical2MqttError);
    if (error instanceof Multical2MqttError) {
      expect(error.code).toBe('config');
      for (const problem of error.problems) expect(error.message).toContain(problem);
      return error;
    }
  }
  throw new Error('loading complained about nothing');
}

/** What it complains about in a file with these keys beside one good meter. */
export function problemsIn(keys: object): readonly string[] {
  return problemsOf(() => loadFile({ meters: [METER], ...keys }));
}

/** What it complains about in a single meter with these keys. */
export function problemsInMeter(keys: object): readonly string[] {
  return problemsOf(() => loadFile({ meters: [{ ...METER, ...keys }] }));
}
