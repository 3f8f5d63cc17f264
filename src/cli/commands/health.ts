import type { Command } from 'commander';
import { askBridgeHealth } from '../../app/ask-bridge-health.ts';
import { Multical2MqttError } from '../../shared/errors.ts';
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
