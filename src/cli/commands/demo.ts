import type { Command } from 'commander';
import { type Io, print } from '../io.ts';
import { wholeNumber } from '../meter-options.ts';

interface Options {
  readonly mqttPort?: number;
  readonly cycles?: number;
  readonly mqtt?: string;
}

export function addDemo(program: Command, io: Io): void {
  program
    .command('demo')
    .description('show the whole job on this machine: a simulated meter, a broker and the bridge')
    .option(
      '--mqtt-port <number>',
      "the embedded broker's port (default: any free one)",
      wholeNumber(1, 65_535),
    )
    .option('--cycles <number>', 'end by itself after so many readings', wholeNumber(1, 1_000_000))
    .option(
      '--mqtt <url>',
      'use this broker in place of the embedded one, and take everything back at the end',
    )
    .action(async ({ mqttPort, cycles, mqtt }: Options) => {
      // Broker and simulator are loaded only when they are wanted: the bridge has no need of their memory.
      const { runDemo } = await import('../../app/demo.ts');
      const { version, signal } = io;
      await runDemo({
        mqttPort,
        cycles,
        mqttUrl: mqtt,
        version,
        signal,
        print: (line) => print(io.out, line),
      });
    });
}
