import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import type { Command } from 'commander';
import { exampleAdvice, isExample } from '../../app/run.ts';
import { type Config, redactConfig } from '../../config/keys.ts';
import { loadConfig } from '../../config/load.ts';
import { scheduleAdvice } from '../../meter/schedules.ts';
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

/**
 * The effective configuration, and what is no fault of it but will be noticed: ports that are not there now, and
 * schedules that cost much battery. Nothing is opened, because a bridge may be using it.
 */
async function checkConfig(
  file: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly config: Config; readonly warnings: readonly string[] }> {
  const { config } = loadConfig({
    file,
    environment,
  });
  const paths = new Set(config.meters.map(({ port }) => port).filter((port) => port.startsWith('/')));
  const warnings = [
    ...(await Promise.all(Array.from(paths, warningOf))),
    ...config.meters.map(scheduleAdvice),
  ];
  return { config, warnings: warnings.filter((warning) => warning !== undefined) };
}

async function warningOf(path: string): Promise<string | undefined> {
  if (isExample(path)) return exampleAdvice(path);
  try {
    await access(path, constants.R_OK | constants.W_OK);
    return undefined;
  } catch (error) {
    const denied = error instanceof Error && 'code' in error && error.code === 'EACCES';
    const what = denied ? 'may not be used by this user' : 'is not there now';
    return `${path} ${what}. \`multical2mqtt ports\` lists what is there; \`run\` will wait for it.`;
  }
}
