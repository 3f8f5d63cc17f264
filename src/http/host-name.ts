import { isIP } from 'node:net';
import { hostname } from 'node:os';

/**
 * Names below these belong to nobody in the public DNS, so that nobody far away can let one point to us; the last is
 * its maker's own, and the one that most homes in Germany have.
 */
const PRIVATE = [
  'local',
  'localhost',
  'lan',
  'home',
  'internal',
  'intranet',
  'private',
  'localdomain',
  'home.arpa',
  'fritz.box',
];

/** The name in a `Host` header, without the port; undefined for what is none. */
export function nameIn(host: string): string | undefined {
  const [, name] = /^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::\d*)?$/i.exec(host.trim()) ?? [];
  return name
    ?.replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
}

/**
 * Whether a browser that asks for `name` means us. A page of somebody else could let a name of its own point to our
 * address (DNS rebinding) and read through the browser what only this network may see. A number is no such name, nor is
 * one without a dot, nor one that nobody can own.
 */
export function isOurs(name: string, allowed: readonly string[]): boolean {
  if (isIP(name) !== 0 || !name.includes('.')) return true;
  if (PRIVATE.some((suffix) => name.endsWith(`.${suffix}`))) return true;
  return [hostname(), ...allowed].some((each) => each.toLowerCase() === name);
}
