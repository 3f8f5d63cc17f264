import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import type { Command } from 'commander';
import { redactConfig } from '../../config/keys.ts';
import { type Inspection, inspectConfig, lookedFor } from '../../config/load.ts';
import { scheduleAdvice } from '../../meter/schedules.ts';
import { AlreadyTold, type Io, print } from '../io.ts';

interface Options {
  readonly config?: string;
  readonly print?: true;
}

export function addCheck(program: Command, io: Io): void {
  program
    .command('check')
    .description('say whether a configuration is ready, or everything that is wrong with it')
    .option('-c, --config <file>', 'configuration file')
    .option('--print', 'print the effective configuration, without secrets')
    .action(async ({ config: file, print: isPrinted }: Options) => {
      const inspection = inspectConfig({ file, environment: io.environment });
      const { problems, loaded } = inspection;
      // What is printed is for programs too.
      const to = isPrinted ? io.err : io.out;
      const advice = await adviceOf(inspection);
      print(to, sourceOf(inspection));
      for (const problem of problems) print(to, `Fault: ${problem}`);
      for (const sentence of advice) print(to, `Advice: ${sentence}`);
      if (isPrinted && loaded !== undefined)
        print(io.out, JSON.stringify(redactConfig(loaded.config), null, 2));
      const verdict = [
        loaded === undefined ? count(problems.length, 'fault') : 'ready',
        ...(advice.length > 0 ? [`${advice.length} advice`] : []),
      ].join(', ');
      print(to, verdict);
      if (loaded === undefined) throw new AlreadyTold('config', verdict);
    });
}

function sourceOf({ file, inVain }: Inspection): string {
  return file === null ? lookedFor(inVain) : `Configuration: ${file.path} (${file.origin})`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

/** What is no fault but will be noticed, of whatever part is without one. */
async function adviceOf({ advice, meters }: Inspection): Promise<readonly string[]> {
  const paths = new Set(meters.map(({ port }) => port).filter((port) => port.startsWith('/')));
  const ports = await Promise.all(Array.from(paths, portAdvice));
  return [...advice, ...ports, ...meters.map(scheduleAdvice)].filter((one) => one !== undefined);
}

async function portAdvice(path: string): Promise<string | undefined> {
  try {
    await access(path, constants.R_OK | constants.W_OK);
    return undefined;
  } catch (error) {
    const denied = error instanceof Error && 'code' in error && error.code === 'EACCES';
    const what = denied ? 'may not be used by this user' : 'is not there now';
    return `${path} ${what}. \`multical2mqtt ports\` lists what is there; \`run\` will wait for it.`;
  }
}
