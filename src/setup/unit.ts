import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { type Fields, fieldsOf } from '../shared/stored.ts';

export const UNIT_PATH = '/etc/systemd/system/multical2mqtt.service';

interface UnitRequest {
  /** The unit that comes with the program. */
  readonly shipped: string;
  /** Absolute. */
  readonly configPath: string;
  readonly content: Fields;
  /** Of Node, and of the program's first file. */
  readonly node: string;
  readonly program: string;
  /** Who set it up. */
  readonly user: string;
  /** That the serial port belongs to. */
  readonly group: string | undefined;
}

/** The shipped unit for this configuration and this installation. */
export function unitFor({ shipped, configPath, content, node, program, user, group }: UnitRequest): string {
  const start = `ExecStart=${quoted(node)} --optimize-for-size --semi-space-growth-factor=1 --single-threaded ${quoted(program)} run --config "\${CREDENTIALS_DIRECTORY}/config.json"`;
  const folder = csvFolder(content);
  const isPrivate = [node, program].some((path) => /^\/(home|root|run\/user)\//.test(path));
  return (
    shipped
      .replace(/^ExecStart=.*$/m, () => start)
      .replace(/^LoadCredential=.*$/m, () => `LoadCredential=config.json:${configPath.replaceAll('%', '%%')}`)
      // In a home folder the program is seen by nobody but its owner.
      .replace(/^ProtectHome=.*$/m, (line) => (isPrivate ? 'ProtectHome=read-only' : line))
      .replace(/^DynamicUser=.*$/m, (line) => (isPrivate ? `User=${user}` : line))
      .replace(/^SupplementaryGroups=.*$/m, (line) =>
        group === undefined ? line : `SupplementaryGroups=${group}`,
      )
      .replace(/^StateDirectory=.*$/m, (line) =>
        folder === undefined ? line : `${line}\nReadWritePaths=${quoted(folder)}`,
      )
  );
}

/** CSV files go into a folder that the service may not write to by itself; undefined: there is none. */
function csvFolder(content: Fields): string | undefined {
  const { enabled, directory } = fieldsOf(content.csv);
  return enabled === true && typeof directory === 'string' && isAbsolute(directory) ? directory : undefined;
}

/** As systemd takes it for one word. */
function quoted(path: string): string {
  const plain = path.replaceAll('%', '%%').replaceAll('$', '$$$$');
  return /^[\w@%+=:,./$-]+$/.test(plain) ? plain : `"${plain.replaceAll(/["\\]/g, '\\$&')}"`;
}

/** Whether services of this machine are systemd's. */
export function hasSystemd(platform = process.platform, runs = existsSync('/run/systemd/system')): boolean {
  return platform === 'linux' && runs;
}

/** The one that was there, which somebody may have changed by hand, stays beside it. */
export function replaceUnit(unit: string, path = UNIT_PATH): void {
  if (existsSync(path) && readFileSync(path, 'utf8') !== unit) copyFileSync(path, `${path}.before-setup`);
  writeFileSync(path, unit);
}

/** What root types to have it run now and after each start of the machine. `unitFile`: where the unit lies until then. */
export function unitCommands(unitFile: string): readonly string[] {
  return [
    `sudo install -m 644 '${unitFile.replaceAll("'", `'\\''`)}' ${UNIT_PATH}`,
    'sudo systemctl daemon-reload',
    'sudo systemctl enable --now multical2mqtt',
    'journalctl -u multical2mqtt -f',
  ];
}
