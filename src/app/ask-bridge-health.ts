import { loadConfig } from '../config/load-config.ts';
import { askHealth } from '../health/health-socket.ts';
import { hasCode } from '../shared/errors.ts';

interface HealthRequest {
  readonly dataDir: string | undefined;
  readonly file: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What is stuck in the bridge that was started with the same configuration; empty: nothing. */
export function askBridgeHealth(request: HealthRequest): Promise<readonly string[]> {
  return askHealth(request.dataDir ?? configuredDataDir(request));
}

/** A bridge that runs on arguments alone has no configuration that could be loaded here. */
function configuredDataDir({ file, environment }: HealthRequest): string {
  try {
    return loadConfig({ file, environment, checkCron: () => true }).config.dataDir;
  } catch (error) {
    if (file !== undefined || !hasCode(error, 'config')) throw error;
    return environment.DATA_DIR || './data';
  }
}
