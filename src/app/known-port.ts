import { realpathSync } from 'node:fs';
import { portFault } from '../setup/heads.ts';
import { isNetworkPort } from '../transport/open.ts';
import { portNamed } from '../transport/port-name.ts';
import { listPorts, type PortInfo } from '../transport/serial-channel.ts';
import { Refused } from '../web/route.ts';

interface Placed {
  readonly port: string;
}

/** A port that whoever only has a browser may name, and the first of the configured meters that are read over it. */
export interface KnownPort<Meter extends Placed> {
  /** As the configuration has it, where a meter has it. */
  readonly port: string;
  readonly meter: Meter | undefined;
}

/**
 * A serial port must be one that this machine lists, or a configured meter's: no other path is ever opened for somebody
 * who types it into a browser. Throws `Refused` in words.
 */
export async function knownPort<Meter extends Placed>(
  text: unknown,
  meters: readonly Meter[],
  list: () => Promise<readonly PortInfo[]> = listPorts,
): Promise<KnownPort<Meter>> {
  if (typeof text !== 'string' || text === '') throw new Refused(400, 'Say where the head is ("port").');
  const named = portNamed(text);
  if ('fault' in named) throw new Refused(400, portFault(text) ?? named.fault);
  const { port } = named;
  const meter = meters.find((one) => plain(one.port) === plain(port));
  if (meter !== undefined) return { port: meter.port, meter };
  if (isNetworkPort(port)) return { port, meter: undefined };
  const listed = (await list()).find(({ path, stablePath }) => path === port || stablePath === port);
  if (listed === undefined)
    throw new Refused(
      404,
      `This machine has no serial port ${port}. Choose one of those that are listed; plug in the head first.`,
    );
  const there = meters.find(({ port: other }) => !isNetworkPort(other) && realPath(other) === listed.path);
  return { port: there?.port ?? port, meter: there };
}

/** Host names and Windows do not tell capitals apart, paths do. */
function plain(port: string): string {
  return port.startsWith('/') ? port : port.toLowerCase();
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
