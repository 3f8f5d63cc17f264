import type { PortInfo } from '../app/ports.ts';

const NONE = 'There is no serial port on this machine.';
const NO_ADAPTER =
  'None of these is a USB adapter; an optical head on USB has a name below /dev/serial/by-id/.';
const ADVICE = [
  'Plug in the optical head. If it is in: in a container, hand the device over (--device /dev/serial/by-id/...);',
  'in WSL, attach it with usbipd; in a virtual machine, pass the USB device through. A head on another machine is',
  'reached as tcp://host:port, through ser2net for example.',
];

/** What to do when no head can be among the ports: nearly every computer has a port of its own that none is on. */
export function portsAdvice(ports: readonly PortInfo[]): readonly string[] {
  if (ports.some(isAdapter)) return [];
  return [ports.length === 0 ? NONE : NO_ADAPTER, ...ADVICE];
}

/** Windows and macOS have no names that stay; there the maker's serial number tells. */
function isAdapter({ path, stablePath, serialNumber }: PortInfo): boolean {
  return stablePath !== null || serialNumber !== null || path.startsWith('COM');
}
