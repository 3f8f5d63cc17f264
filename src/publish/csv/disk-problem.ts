import { messageOf } from '../../shared/errors.ts';

/** Why nothing can be written to `directory`, and what to do, in words; without a full stop. */
export function diskProblem(directory: string, error: unknown): string {
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'ENOSPC':
    case 'EDQUOT':
      return `The disk with ${directory} is full: make room on it`;
    case 'EACCES':
    case 'EPERM':
      return `${directory} may not be written by the user that this program runs as: give it the folder, or name another one in csv.directory`;
    case 'EROFS':
      return `${directory} is on a disk that is read-only: name another folder in csv.directory, or mount one there`;
    case 'EEXIST':
    case 'ENOTDIR':
      return `${directory} cannot be a folder, because there is a file in its way: name another one in csv.directory`;
    default:
      return `${directory} cannot be written: ${messageOf(error)}. Look after its disk, or name another folder in csv.directory`;
  }
}
