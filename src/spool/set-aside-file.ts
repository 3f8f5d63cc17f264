import { appendFile, mkdir, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A second file of this size (bytes) takes over; the first one is kept until then. */
const LONGEST = 10_000_000;

/** What a server refused for good, with the reason, for a person to look at and to send again. */
export class SetAsideFile {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Error of the file system where the disk does not take it. */
  async add(lines: string): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true });
    const { size } = await stat(this.path).catch(() => ({ size: 0 }));
    if (size > LONGEST) await rename(this.path, `${this.path}.old`);
    await appendFile(this.path, lines, { mode: 0o600 });
  }
}
