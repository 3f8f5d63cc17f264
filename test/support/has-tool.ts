import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Distributions put brokers where only root's search path looks. */
export const TOOL_PATH = [process.env.PATH ?? '', '/usr/sbin', '/usr/local/sbin', '/opt/homebrew/sbin'].join(
  delimiter,
);

/** False, with the reason for people, where a program of the system is missing that a test needs. */
export function hasTool(
  name: string,
  complain: (line: string) => unknown = (line) => process.stderr.write(line),
): boolean {
  const found = TOOL_PATH.split(delimiter).some((folder) => existsSync(join(folder, name)));
  if (!found) complain(`SKIPPED: tests that need ${name}, because it is not installed here\n`);
  return found;
}
