import type { Command } from 'commander';
import { runBridge } from '../../app/run.ts';
import type { Io } from '../io.ts';
import { unknownCommand } from '../unknown-command.ts';

interface Options {
  readonly config?: string;
  readonly port?: string;
  readonly name?: string;
  readonly schedule?: string;
  readonly mqtt?: string;
  readonly dataDir?: string;
  readonly logLevel?: string;
}

export function addRun(program: Command, io: Io): void {
  program
    .command('run', { isDefault: true })
    .description('run the bridge (the default)')
    .option('-c, --config <file>', 'configuration file')
    .option('-p, --port <port>', "the meter's port, in place of the configured one")
    .option('--name <name>', "the meter's name")
    .option('--schedule <cron>', 'when to read')
    .option('--mqtt <url>', 'the broker')
    .option('--data-dir <folder>', 'what survives a restart')
    .option('--log-level <level>', 'error, warn, info or debug')
    .allowExcessArguments()
    .action(async ({ config, port, name, schedule, mqtt, dataDir, logLevel }: Options, { args }: Command) => {
      // The default command gets every word that is no other command.
      if (args.length > 0) throw unknownCommand(args[0] ?? '', program);
      const given = {
        'meter.port': port,
        'meter.name': name,
        'meter.schedule': schedule,
        'mqtt.url': mqtt,
        dataDir,
        'log.level': logLevel,
      };
      const { environment, version, signal, err, secrets } = io;
      await runBridge({ file: config, given, environment, version, signal, err, secrets });
    });
}
