import { readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { parse } from 'yaml';

export interface StoreScan {
  /** Folders of what counts as an add-on. */
  readonly addons: readonly string[];
  readonly warnings: readonly string[];
  /** How many repository.* files there are. */
  readonly repositories: number;
}

const CONFIG_TYPES = ['.yaml', '.yml', '.json'];

/**
 * What Home Assistant's Supervisor makes of a repository: every file config.<yaml|yml|json> anywhere in it, unless a
 * part of its path begins with a dot or is `rootfs`, is an add-on, or a warning at each refresh for each user.
 */
export function scanStore(folder: string): StoreScan {
  const files = filesBelow(folder).map((file) => relative(folder, file));
  const seen = files.filter(
    (file) => !file.split('/').some((part) => part.startsWith('.') || part === 'rootfs'),
  );
  const named = (stem: string) => seen.filter((file) => isNamed(file, stem));
  const addons: string[] = [];
  const warnings: string[] = [];
  for (const file of named('config')) {
    const content = readConfig(join(folder, file));
    if (Array.isArray(content) || typeof content !== 'object' || content === null)
      throw new Error(`${file} would break the store`);
    if ('name' in content) addons.push(dirname(file));
    else warnings.push(file);
  }
  return { addons, warnings, repositories: named('repository').length };
}

/** The glob is `**` + `config.*`: `config.schema.json` counts as well. */
function isNamed(file: string, stem: string): boolean {
  const name = file.split('/').at(-1) ?? '';
  return name.startsWith(`${stem}.`) && CONFIG_TYPES.includes(extname(name));
}

function readConfig(file: string): unknown {
  return parse(readFileSync(file, 'utf8'));
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}
