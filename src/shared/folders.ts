import { mkdirSync, statSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isMissing } from './files.ts';

/**
 * Makes a folder, and those above it that are missing, one by one: Node's `recursive` never comes back where a folder is
 * there, but the system says of what is to be made in it that it is missing, as in /proc.
 */
export function makeFolderNow(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if (isFolderNow(path)) return;
    const above = dirname(path);
    if (!isMissing(error) || above === path || isFolderNow(above)) throw error;
    makeFolderNow(above);
    makeFolderNow(path);
  }
}

function isFolderNow(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** The same on disks that may be slow: nothing else waits for them. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (await isFolder(path)) return;
    const above = dirname(path);
    if (!isMissing(error) || above === path || (await isFolder(above))) throw error;
    await makeFolder(above);
    await makeFolder(path);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
