import { readFileSync, statSync } from 'node:fs';

/** The group that may use a serial port; undefined where nobody says so, and where only root may. */
export function groupOf(port: string, groupFile = '/etc/group'): string | undefined {
  try {
    const { gid } = statSync(port);
    const groups = readFileSync(groupFile, 'utf8')
      .split('\n')
      .map((line) => line.split(':'));
    const name = groups.find(([, , id]) => id === String(gid))?.[0];
    return name === 'root' ? undefined : name;
  } catch {
    return undefined;
  }
}
