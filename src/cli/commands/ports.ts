import type { Command } from 'commander';
import { listPorts } from '../../app/ports.ts';
import { type Io, print, printJson } from '../io.ts';
import { portsTable } from '../ports-table.ts';

const NONE = [
  'There is no serial port on this machine.',
  'Plug in the optical head. If it is in: in a container, hand the device over (--device /dev/serial/by-id/...);',
  'in WSL, attach it with usbipd; in a virtual machine, pass the USB device through. A head on another machine is',
  'reached as tcp://host:port, through ser2net for example.',
];

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
      if (ports.length === 0) {
        for (const line of NONE) print(io.err, line);
        return;
      }
      for (const line of portsTable(ports)) print(io.out, line);
    });
}
