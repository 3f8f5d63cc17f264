import type { MeterConfig } from './config.ts';

/** Two meters that cannot be told apart: by name, or by what answers on the line. Values may still be of wrong types. */
export function sameMeters(meters: readonly MeterConfig[]): readonly string[] {
  const problems: string[] = [];
  const names = new Map<string, number>();
  const places = new Map<string, number>();
  const ports = new Map<string, number>();
  for (const [index, { name, port, address, baudRate }] of meters.entries()) {
    const sameName = note(names, textOf(name).trim(), index);
    if (sameName !== null) {
      problems.push(`meters[${index}].name: must differ from the name of meters[${sameName}]`);
    }
    // Windows and the network do not tell capitals apart.
    const place = textOf(port).startsWith('/') ? textOf(port) : textOf(port).toLowerCase();
    const samePort = note(ports, place, index);
    const speed = samePort === null ? undefined : meters[samePort]?.baudRate;
    if (speed !== undefined && speed !== baudRate) {
      problems.push(
        `meters[${index}].baudRate: meters[${samePort}] has the same port with another speed; one line has one speed, so set both to the same`,
      );
    }
    const samePlace = place === '' ? null : note(places, `${place} ${Number(address)}`, index);
    if (samePlace !== null) {
      problems.push(
        `meters[${index}].port: meters[${samePlace}] has the same port with the same address; give each its own port, or different addresses where several meters share one`,
      );
    }
  }
  return problems;
}

/** The first index that had the key, or null if it is new. An empty key is somebody else's complaint. */
function note(seen: Map<string, number>, key: string, index: number): number | null {
  const first = seen.get(key);
  if (first === undefined && key !== '') seen.set(key, index);
  return first ?? null;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
