import { createHash } from 'node:crypto';
import { messageOf } from '../shared/errors.ts';
import { type Fields, isInteger, isObject } from '../shared/stored.ts';

/** Of the files that we write. What a newer one means is not known here. Files before the first version have none. */
const VERSION = 1;

/** What a state file holds. */
export type StateFile =
  | {
      readonly is: 'good';
      readonly document: Fields;
      /** Undefined in a file from before there were checksums, or from which a person took it out. */
      readonly checksum: string | undefined;
    }
  | { readonly is: 'newer' }
  | { readonly is: 'bad'; readonly why: string };

export function parseStateFile(text: string): StateFile {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (error) {
    return { is: 'bad', why: messageOf(error) };
  }
  if (!isObject(found)) return { is: 'bad', why: 'it is no JSON object' };
  const { version, checksum, ...document } = found;
  const isWhole = checksum === checksumOf(version, document);
  if (isInteger(version, VERSION + 1) && (isWhole || checksum === undefined)) return { is: 'newer' };
  if (isWhole) return { is: 'good', document, checksum };
  if (checksum === undefined && version === undefined) return { is: 'good', document, checksum };
  return { is: 'bad', why: 'it was changed or damaged' };
}

/** One line for each member, so that a person finds the way in it. */
export function stateFileText(document: Fields): { readonly text: string; readonly checksum: string } {
  const checksum = checksumOf(VERSION, document);
  const members = Object.entries({ version: VERSION, checksum, ...document });
  const lines = members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return { text: `{\n${lines.join(',\n')}\n}\n`, checksum };
}

/**
 * A disk may return other bytes than it was given, and a number is still a number then. Of the content, not of the bytes:
 * a person's editor may end lines in another way. Every version reckons it so.
 */
function checksumOf(version: unknown, document: Fields): string {
  const content = JSON.stringify([version, document]);
  return createHash('sha256').update(content).digest('base64url').slice(0, 16);
}
