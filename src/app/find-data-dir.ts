import { loadConfig } from '../config/load-config.ts';
import { isCronExpression } from '../polling/schedule.ts';
import { hasCode } from '../shared/errors.ts';

/** The bridge's `dataDir`, where a configuration is found. A named file that is wrong is an error all the same. */
export function findDataDir(
  file: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  try {
    const loaded = loadConfig({ file, environment, checkCron: isCronExpression });
    return loaded.file === null ? undefined : loaded.config.dataDir;
  } catch (error) {
    if (file !== undefined || !hasCode(error, 'config')) throw error;
    return undefined;
  }
}
