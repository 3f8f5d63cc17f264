import type { Command } from 'commander';
import type { Paint } from '../../shared/paint.ts';
import { listPorts, type PortInfo } from '../../transport/serial-channel.ts';
import { headed, type Io, paintOn, print, printJson, table } from '../io.ts';

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
      if (ports.length > 0) for (const line of portsTable(ports, paintOn('out', io))) print(io.out, line);
      for (const line of portsAdvice(ports)) print(io.err, line);
    });
}

/** Serial ports for a person: first the name to write down, then the one of today. Empty columns are left out. */
export function portsTable(ports: readonly PortInfo[], paint: Paint): string[] {
  const rows = ports.map(({ path, stablePath, maker, serialNumber }) => [
    stablePath ?? path,
    stablePath === null ? '' : path,
    maker ?? '',
    serialNumber ?? '',
  ]);
  const all = [['port', 'also called', 'maker', 'serial number'], ...rows];
  const filled = all[0]?.map((_, column) => rows.some((row) => row[column] !== ''));
  return table(
    all.map((row) => row.filter((_, column) => filled?.[column])),
    { style: headed(paint) },
  );
}

const NONE = 'There is no serial port on this machine.';
const NO_ADAPTER =
  'None of these is a USB adapter; an optical head on USB has a name below /dev/serial/by-id/.';
const ADVICE = [
  'Plug in the optical head. If it is in: in a container, hand the device over (--device /dev/serial/by-id/...);',
  'in WSL, attach it with usbipd; in a virtual machine, pass the USB device through. A head on another machine is',
  'reached as tcp://host:port, through ser2net for example.',
];

/** Advice for when no head can be among the ports: nearly every computer has a port of its own that none is on. */
export function portsAdvice(ports: readonly PortInfo[]): readonly string[] {
  if (ports.some(isAdapter)) return [];
  return [ports.length === 0 ? NONE : NO_ADAPTER, ...ADVICE];
}

/** Windows and macOS have no names that stay; there the maker's serial number tells. */
function isAdapter({ path, stablePath, serialNumber }: PortInfo): boolean {
  return stablePath !== null || serialNumber !== null || path.startsWith('COM');
}
