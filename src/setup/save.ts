import { chmodSync, copyFileSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import writeFileAtomic from 'write-file-atomic';
import { configKeys } from '../config/keys.ts';
import { inspectConfig } from '../config/load.ts';
import type { BrokerUrls } from '../mqtt/broker-url.ts';
import { mqttKeys } from '../mqtt/config.ts';
import { flattenKeys } from '../schema/key.ts';
import { Multical2MqttError, messageOf } from '../shared/errors.ts';
import { makeFolderNow } from '../shared/folders.ts';
import { HIDDEN } from '../shared/secrets.ts';
import { type Fields, isObject } from '../shared/stored.ts';
import type { Target } from './target.ts';

const OWN = 0o600;
const SECRET = new Set(
  flattenKeys(configKeys)
    .filter(([, key]) => key.secret === true)
    .map(([path]) => path),
);

/** Everything that the program would say against this content, by the schema it is started with. */
export function faultsOf(path: string, content: Fields): readonly string[] {
  return inspectConfig({ file: path, content, environment: {}, directory: process.cwd() }).problems;
}

/** As it will be written, for a person to look at. */
export function shown(content: Fields): string {
  const hide = (value: unknown, path: string): unknown => {
    if (isObject(value))
      return Object.fromEntries(
        Object.entries(value).map(([name, inner]) => [
          name,
          hide(inner, path === '' ? name : `${path}.${name}`),
        ]),
      );
    if (SECRET.has(path) && value !== '') return HIDDEN;
    return path === 'mqtt.url' ? withoutCredentials(value) : value;
  };
  return JSON.stringify(hide(content, ''), null, 2);
}

/** As `check --print` has it; it was checked before. */
function withoutCredentials(urls: unknown): unknown {
  const { parse, print } = mqttKeys.url.validator;
  return print?.(parse?.(urls as BrokerUrls) ?? '');
}

/** The file says that already, comments and all. */
export function isWritten({ from, path, current }: Target, content: Fields): boolean {
  return from === path && isDeepStrictEqual(current, content);
}

/** Where the file as it was is kept, because it holds what a rewritten one cannot: comments. */
export function keptAs(target: Target, content: Fields): string | undefined {
  const { from, path } = target;
  if (from === null || from !== path || isWritten(target, content)) return undefined;
  return hasComments(readFileSync(from, 'utf8')) ? `${path}.before-setup` : undefined;
}

/** JSON has none; whatever else JSON5 allows means the same as what is written in its place. */
function hasComments(text: string): boolean {
  return /\/\/|\/\*/.test(text.replaceAll(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, ''));
}

/** Whole or not at all, and for nobody else's eyes. Error `failed` where this user may not write there. */
export function save(target: Target, content: Fields): void {
  const { path } = target;
  orSay(path, () => {
    if (isWritten(target, content)) return chmodSync(path, OWN);
    makeFolderNow(dirname(path));
    const kept = keptAs(target, content);
    if (kept !== undefined) {
      copyFileSync(path, kept);
      chmodSync(kept, OWN);
    }
    writeOwn(path, content);
  });
}

/** A JSON file that may hold a password. Error `failed`, as above. */
export function writeOwn(path: string, content: object): void {
  orSay(path, () => writeFileAtomic.sync(path, `${JSON.stringify(content, null, 2)}\n`, { mode: OWN }));
}

function orSay(path: string, write: () => void): void {
  try {
    write();
  } catch (cause) {
    if (cause instanceof Multical2MqttError) throw cause;
    const what = `Cannot write ${path}: ${messageOf(cause)}. Is the disk full, or the folder not yours?`;
    throw new Multical2MqttError('failed', `${what} --config names a file elsewhere.`, { cause });
  }
}
