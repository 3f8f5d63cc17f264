import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import type { Command } from 'commander';
import { keyWords } from '../../config/key-words.ts';
import { redactConfig } from '../../config/keys.ts';
import { type Inspection, inspectConfig, lookedFor } from '../../config/load.ts';
import { scheduleAdvice } from '../../meter/schedules.ts';
import type { Paint } from '../../shared/paint.ts';
import { tryConnections } from '../connections.ts';
import { AlreadyTold, type Io, paintOn, print } from '../io.ts';

interface Options {
  readonly config?: string;
  readonly connect?: true;
  readonly print?: true;
}

export function addCheck(program: Command, io: Io): void {
  program
    .command('check')
    .description('say whether a configuration is ready, or everything that is wrong with it')
    .option('-c, --config <file>', 'configuration file')
    .option('--connect', 'also try each port, meter and server, as far as no bridge is using them')
    .option('--print', 'print the effective configuration, without secrets')
    .action(async ({ config: file, connect, print: isPrinted }: Options) => {
      const inspection = inspectConfig({ file, environment: io.environment });
      const { problems, loaded } = inspection;
      // What is printed is for programs too.
      const to = isPrinted ? io.err : io.out;
      const paint = paintOn(isPrinted ? 'err' : 'out', io);
      // Whoever tries a port need not look whether it is there.
      const advice = await adviceOf(inspection, connect === undefined || loaded === undefined);
      const { file: found } = inspection;
      const words = keyWords({ isAddon: found?.isAddonOptions ?? false, file: found?.path ?? null });
      print(to, sourceOf(inspection));
      for (const problem of problems)
        print(to, `${paint('red', 'Fault:')} ${problem.replace(WHAT_IS_WRONG, words)}`);
      for (const sentence of advice) print(to, `${paint('yellow', 'Advice:')} ${words(sentence)}`);
      if (isPrinted && loaded !== undefined)
        print(io.out, JSON.stringify(redactConfig(loaded.config), null, 2));
      let failed = 0;
      if (connect && loaded === undefined) print(to, 'Not tried: what a faulty configuration names.');
      if (connect && loaded !== undefined)
        for await (const { outcome, text } of tryConnections(loaded, io)) {
          print(to, outcomeText(outcome, words(text), paint));
          if (outcome === 'failed') failed++;
        }
      const verdict = [
        loaded === undefined ? count(problems.length, 'fault') : 'ready',
        ...(advice.length > 0 ? [`${advice.length} advice`] : []),
        ...(failed > 0 ? [`but ${count(failed, 'connection')} failed`] : []),
      ].join(', ');
      print(to, paint(problems.length + failed > 0 ? 'red' : 'green', verdict));
      if (loaded === undefined) throw new AlreadyTold('config', verdict);
      if (failed > 0) throw new AlreadyTold('no-answer', verdict);
    });
}

function outcomeText(outcome: keyof typeof OUTCOMES, text: string, paint: Paint): string {
  const [style, word] = OUTCOMES[outcome];
  return `${paint(style, `${word}:`)} ${text}`;
}

const OUTCOMES = {
  reached: ['green', 'Reached'],
  failed: ['red', 'Failed'],
  left: ['dim', 'Not tried'],
} as const;

/** Of `mqtt.url (MQTT_URL): must be ...`, which names its key in both ways already. */
const WHAT_IS_WRONG = /(?<=^\S+ \([A-Z_]+\): ).*/s;

function sourceOf({ file, inVain }: Inspection): string {
  return file === null ? lookedFor(inVain) : `Configuration: ${file.path} (${file.origin})`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

/** What is no fault but will be noticed, of whatever part is without one. */
async function adviceOf({ advice, meters }: Inspection, withPorts: boolean): Promise<readonly string[]> {
  const paths = new Set(meters.map(({ port }) => port).filter((port) => port.startsWith('/')));
  const ports = withPorts ? await Promise.all(Array.from(paths, portAdvice)) : [];
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
