import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { Multical2MqttError, messageOf } from '../shared/errors.ts';
import { NoDriver } from './database.ts';
import { INSTEAD_OF_DAMAGED, isDamage } from './file.ts';

/** Bytes. With less, SQLite has no room for the files beside its own. */
const LEAST = 65_536;

/** For a person beside a bridge: what is the matter with the history, and what helps. */
export function troubleWith(file: string, error: unknown): string {
  // Those are whole sentences already.
  if (error instanceof Multical2MqttError) return error.message;
  if (isDamage(error)) return `The history ${file} is damaged. ${INSTEAD_OF_DAMAGED}.`;
  const [cause, advice] = causeOf(file, error);
  return `The history ${file} cannot be written: ${cause}. ${advice}.`;
}

function causeOf(file: string, error: unknown): readonly [cause: string, advice: string] {
  const words = messageOf(error);
  if (error instanceof NoDriver) return [words, 'Node 24 brings its own: run this program with that'];
  if (/disk is full|ENOSPC|EDQUOT/i.test(words) || isFull(file))
    return ['its disk is full', 'Make room there'];
  if (isHeld(error)) return ['another program holds it', 'Ask again in a minute'];
  return [words, 'Let the user that this program runs as write there, and see whether its disk is well'];
}

/** By another program, which writes at this moment. */
export function isHeld(error: unknown): boolean {
  return /locked|busy/i.test(messageOf(error));
}

/** SQLite calls that an error of the disk. */
function isFull(file: string): boolean {
  try {
    const { blocks, bavail, bsize } = statfsSync(dirname(file));
    return blocks > 0 && bavail * bsize < LEAST;
  } catch {
    return false;
  }
}
