import { chmodSync, copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { configKeys } from '../config/keys.ts';
import { inspectConfig } from '../config/load.ts';
import { flattenKeys } from '../schema/key.ts';
import { type Fields, isObject } from '../shared/stored.ts';
import type { Target } from './target.ts';

const OWN = 0o600;
const HIDDEN = '***';

/** Everything that the program would say against this content, by the schema it is started with. */
export function faultsOf(path: string, content: Fields): readonly string[] {
  return inspectConfig({ file: path, content, environment: {}, directory: process.cwd() }).problems;
}

/** As it will be written, for a person to look at. */
export function shown(content: Fields): string {
  const secret = new Set(
    flattenKeys(configKeys)
      .filter(([, key]) => key.secret === true)
      .map(([path]) => path),
  );
  const hide = (value: unknown, path: string): unknown => {
    if (isObject(value))
      return Object.fromEntries(
        Object.entries(value).map(([name, inner]) => [
          name,
          hide(inner, path === '' ? name : `${path}.${name}`),
        ]),
      );
    if (secret.has(path) && value !== '') return HIDDEN;
    return path === 'mqtt.url' ? withoutCredentials(value) : value;
  };
  return JSON.stringify(hide(content, ''), null, 2);
}

function withoutCredentials(url: unknown): unknown {
  if (Array.isArray(url)) return url.map(withoutCredentials);
  return typeof url === 'string'
    ? url.replace(/\/\/[^/?#\s]*@/g, `//${HIDDEN}@`).replace(/\?.+$/, `?${HIDDEN}`)
    : url;
}

/** Where the file as it was is kept, because it holds what a rewritten one cannot: comments. */
export function keptAs({ from, path }: Target): string | undefined {
  if (from === null || from !== path) return undefined;
  return hasComments(readFileSync(from, 'utf8')) ? `${path}.before-setup` : undefined;
}

/** JSON has none; whatever else JSON5 allows means the same as what is written in its place. */
function hasComments(text: string): boolean {
  return /\/\/|\/\*/.test(text.replaceAll(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, ''));
}

/** Whole or not at all, and for nobody else's eyes. */
export function save(target: Target, content: Fields): void {
  mkdirSync(dirname(target.path), { recursive: true });
  const kept = keptAs(target);
  if (kept !== undefined) {
    copyFileSync(target.path, kept);
    chmodSync(kept, OWN);
  }
  writeFileAtomic.sync(target.path, `${JSON.stringify(content, null, 2)}\n`, { mode: OWN });
}
