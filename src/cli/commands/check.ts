import type { Command } from 'commander';
import { checkConfig } from '../../app/check-config.ts';
import { redactConfig } from '../../config/redact.ts';
import { type Io, print } from '../io.ts';

export function addCheck(program: Command, io: Io): void {
  program
    .command('check')
    .description('validate a configuration and print the effective one without secrets')
    .option('-c, --config <file>', 'configuration file')
    .action(async ({ config: file }: { config?: string }) => {
      const { config, warnings } = await checkConfig(file, io.environment);
      for (const warning of warnings) print(io.err, `Warning: ${warning}`);
      print(io.out, JSON.stringify(redactConfig(config), null, 2));
    });
}
