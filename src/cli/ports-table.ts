import type { PortInfo } from '../app/ports.ts';
import { table } from './table.ts';

/** Serial ports for a person: first the name to write down, then what the system calls it now. Empty columns are left out. */
export function portsTable(ports: readonly PortInfo[]): string[] {
  const rows = ports.map(({ path, stablePath, maker, serialNumber }) => [
    stablePath ?? path,
    stablePath === null ? '' : path,
    maker ?? '',
    serialNumber ?? '',
  ]);
  const all = [['port', 'also called', 'maker', 'serial number'], ...rows];
  const filled = all[0]?.map((_, column) => rows.some((row) => row[column] !== ''));
  return table(all.map((row) => row.filter((_, column) => filled?.[column])));
}
