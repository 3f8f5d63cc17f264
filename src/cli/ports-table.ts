import type { PortInfo } from '../app/ports.ts';
import { table } from './table.ts';

/** Serial ports for a person: first the name to write down, then what the system calls it now. */
export function portsTable(ports: readonly PortInfo[]): string[] {
  const rows = ports.map(({ path, stablePath, maker, serialNumber }) => [
    stablePath ?? path,
    stablePath === null ? '' : path,
    maker ?? '',
    serialNumber ?? '',
  ]);
  return table([['port', 'now at', 'maker', 'serial number'], ...rows]);
}
