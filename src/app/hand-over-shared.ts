import {
  closeSync,
  constants,
  existsSync,
  fchownSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
} from 'node:fs';

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = constants;

/**
 * Gives a folder, made where it is missing, and root's files in it with a certain end to a user. Others write there too,
 * at any moment: a link is nothing to follow, and what is given is what was looked at, not what has its name now.
 */
export function handOverShared(folder: string, end: string, uid: number, gid: number): void {
  if (!existsSync(folder)) mkdirSync(folder);
  const opened = openSync(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  try {
    const owner = fstatSync(opened).uid;
    if (owner !== 0 && owner !== uid) throw new Error(`it belongs to the user ${owner}`);
    if (owner === 0) fchownSync(opened, uid, gid);
    const within = `/proc/self/fd/${opened}`;
    for (const name of readdirSync(within))
      if (name.endsWith(end)) handOverFile(`${within}/${name}`, uid, gid);
  } finally {
    closeSync(opened);
  }
}

function handOverFile(path: string, uid: number, gid: number): void {
  const opened = tryOpen(path);
  if (opened === undefined) return;
  try {
    const found = fstatSync(opened);
    // A file with a second name may be one outside.
    if (found.isFile() && found.uid === 0 && found.nlink === 1) fchownSync(opened, uid, gid);
  } finally {
    closeSync(opened);
  }
}

/** Undefined for a link, and for what has gone meanwhile. Does not wait at a pipe. */
function tryOpen(path: string): number | undefined {
  try {
    return openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch {
    return undefined;
  }
}
