import { readFileSync } from 'node:fs';
import { ADDON_CSV_FOLDER } from '../config/addon-csv-folder.ts';

/**
 * Folders outside the data folder that an add-on's options want us to write to. They are looked at before anything is
 * checked; what is wrong with them is said by whoever loads the configuration.
 */
export function addonFolders(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  const { SUPERVISOR_TOKEN = '', SUPERVISOR_OPTIONS = '/data/options.json' } = environment;
  if (SUPERVISOR_TOKEN === '') return [];
  try {
    const options: unknown = JSON.parse(readFileSync(SUPERVISOR_OPTIONS, 'utf8'));
    return wantsCsv(options) ? [ADDON_CSV_FOLDER] : [];
  } catch {
    return [];
  }
}

function wantsCsv(options: unknown): boolean {
  const { csv } = (options ?? {}) as { readonly csv?: { readonly enabled?: unknown } | null };
  return csv?.enabled === true;
}
