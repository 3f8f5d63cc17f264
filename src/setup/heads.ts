import { portNamed } from '../transport/port-name.ts';
import type { PortInfo } from '../transport/serial-channel.ts';

/** A serial port that may have a head on it. */
export interface FoundHead {
  /** To be written down: the name that stays, where there is one. */
  readonly port: string;
  /** What it is, for a person. */
  readonly what: string;
}

/** Ports for a person to choose from: adapters on USB first, as an optical head is one. */
export function headsAmong(ports: readonly PortInfo[]): readonly FoundHead[] {
  const heads = ports.map((port) => ({ head: headAt(port), isAdapter: isAdapter(port) }));
  return heads
    .toSorted((one, other) => Number(other.isAdapter) - Number(one.isAdapter))
    .map(({ head }) => head);
}

function headAt(info: PortInfo): FoundHead {
  const { path, stablePath, maker, serialNumber } = info;
  const facts = [
    maker ?? (isAdapter(info) ? 'USB adapter' : 'a port of this machine, mostly nothing is on it'),
    serialNumber === null ? '' : `serial number ${serialNumber}`,
    stablePath === null ? '' : path,
  ];
  return { port: stablePath ?? path, what: facts.filter((fact) => fact !== '').join(', ') };
}

/** Windows and macOS have no names that stay; there the maker's serial number tells. */
function isAdapter({ path, stablePath, serialNumber }: PortInfo): boolean {
  return stablePath !== null || serialNumber !== null || path.startsWith('COM');
}

/** Why a text is no port, as a sentence; undefined: it is one. */
export function portFault(text: string): string | undefined {
  const named = portNamed(text);
  if ('port' in named) return undefined;
  // One that begins with the form itself is a sentence already.
  return named.fault.startsWith('"') ? `${named.fault}.` : `It ${named.fault}.`;
}
