import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { enumerateSerialPorts } from './serial-port-channel.ts';

export interface PortInfo {
  /** What the system calls it now (`/dev/ttyUSB0`); may change with the next plug. */
  readonly path: string;
  /** The name that stays the same (`/dev/serial/by-id/...`), where there is one. */
  readonly stablePath: string | null;
  readonly maker: string | null;
  readonly serialNumber: string | null;
}

const BY_ID = '/dev/serial/by-id';

/** Serial ports of this machine, those with a stable name first. */
export async function listPorts(byIdFolder = BY_ID): Promise<PortInfo[]> {
  const stable = await stablePaths(byIdFolder);
  const known = await enumerateSerialPorts().catch(() => []);
  const ports = new Map<string, PortInfo>();
  for (const { path, manufacturer, serialNumber } of known) {
    ports.set(path, {
      path,
      stablePath: stable.get(path) ?? null,
      maker: manufacturer ?? null,
      serialNumber: serialNumber ?? null,
    });
  }
  for (const [path, stablePath] of stable) {
    if (!ports.has(path)) ports.set(path, { path, stablePath, maker: null, serialNumber: null });
  }
  return Array.from(ports.values()).sort(
    (a, b) => Number(a.stablePath === null) - Number(b.stablePath === null) || a.path.localeCompare(b.path),
  );
}

async function stablePaths(folder: string): Promise<Map<string, string>> {
  const names = await readdir(folder).catch(() => []);
  const pairs = await Promise.all(
    names.map(async (name): Promise<[string, string]> => {
      const link = join(folder, name);
      return [await realpath(link).catch(() => link), link];
    }),
  );
  return new Map(pairs);
}
