import type { Command } from 'commander';
import { listPorts } from '../../app/ports.ts';
import { type Io, print, printJson } from '../io.ts';
import { portsAdvice } from '../ports-advice.ts';
import { portsTable } from '../ports-table.ts';

export function addPorts(program: Command, io: Io): void {
  program
    .command('ports')
    .description('list the serial ports')
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: true }) => {
      const ports = await (io.listPorts ?? listPorts)();
      if (json) {
        printJson(io, ports);
        return;
      }
      if (ports.length > 0) for (const line of portsTable(ports)) print(io.out, line);
      for (const line of portsAdvice(ports)) print(io.err, line);
    });
}
