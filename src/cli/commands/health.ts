import type { Command } from 'commander';
import { askHealth } from '../../app/health-socket.ts';
import { loadConfig } from '../../config/load.ts';
import { hasCode, Multical2MqttError } from '../../shared/errors.ts';
import { type Io, print } from '../io.ts';

interface Options {
  readonly config?: string;
  readonly dataDir?: string;
}

export function addHealth(program: Command, io: Io): void {
  program
    .command('health')
    .description('ask the running bridge whether it still moves, whatever meter and broker do')
    .option('-c, --config <file>', 'configuration file of that bridge')
    .option('--data-dir <folder>', 'its data folder, in place of the configured one')
    .action(async ({ config: file, dataDir }: Options) => {
      const stuck = await askBridgeHealth({ file, dataDir, environment: io.environment });
      if (stuck.length > 0) throw new Multical2MqttError('failed', stuck.join('\n'));
      print(io.out, 'ok');
    });
}

interface HealthRequest {
  readonly dataDir: string | undefined;
  readonly file: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Asks the bridge that was started with the same configuration what is stuck in it; empty: nothing. */
function askBridgeHealth(request: HealthRequest): Promise<readonly string[]> {
  return askHealth(request.dataDir ?? configuredDataDir(request));
}

/** A bridge that runs on arguments alone has no configuration that could be loaded here. */
function configuredDataDir({ file, environment }: HealthRequest): string {
  try {
    return loadConfig({ file, environment }).config.dataDir;
  } catch (error) {
    if (file !== undefined || !hasCode(error, 'config')) throw error;
    return environment.DATA_DIR || './data';
  }
}
