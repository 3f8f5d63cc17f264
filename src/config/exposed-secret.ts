import { realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { flattenKeys } from '../schema/key.ts';
import { isObject } from '../shared/stored.ts';
import { configKeys } from './keys.ts';

const BY_OTHERS = { read: 0o004, pass: 0o001 };

/**
 * A sentence with the command that helps, where the file holds a secret and every user of this machine may read it;
 * undefined where all is well, and on Windows, whose files have no such rights. `values`: what the file says.
 */
export function exposedSecret(path: string, values: object): string | undefined {
  const user = process.getuid?.();
  const isSecret = flattenKeys(configKeys).some(([key, { secret }]) => holds(valueAt(values, key), secret));
  if (user === undefined || !(isSecret || urlHoldsPassword(values))) return undefined;
  try {
    const real = realpathSync(path);
    const { mode, uid } = statSync(real);
    if ((mode & BY_OTHERS.read) === 0 || !isPassable(dirname(real))) return undefined;
    const only = `chmod 600 ${quoted(real)}`;
    // Somebody else's file, closed for all others, could be read by this program no more.
    const command = user === 0 || uid === user ? only : `sudo chown ${user} ${quoted(real)} && sudo ${only}`;
    return `${path} holds a password or token, and every user of this machine can read it. To keep it to yourself: ${command}`;
  } catch {
    return undefined;
  }
}

function holds(value: unknown, secret: boolean | undefined): boolean {
  return secret === true && value !== undefined && value !== '';
}

function urlHoldsPassword(values: object): boolean {
  return /\/\/[^/?#\s"]*:[^/?#\s"]+@/.test(JSON.stringify(valueAt(values, 'mqtt.url') ?? ''));
}

function valueAt(values: object, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (at, name) => (isObject(at) ? (at as Record<string, unknown>)[name] : undefined),
      values,
    );
}

/** Whether everybody may go through this folder and all that it lies in. */
function isPassable(folder: string): boolean {
  if ((statSync(folder).mode & BY_OTHERS.pass) === 0) return false;
  const above = dirname(folder);
  return above === folder || isPassable(above);
}

/** As a shell takes it for one word. */
function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
