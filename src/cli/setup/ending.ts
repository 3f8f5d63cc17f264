import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bridgeIn } from '../../app/data-lock.ts';
import { OWN_FILE } from '../../config/config-file.ts';
import { inspectConfig } from '../../config/load.ts';
import { metersIn } from '../../setup/plan.ts';
import { groupOf } from '../../setup/port-group.ts';
import { replaceUnit, UNIT_PATH, unitCommands, unitFor } from '../../setup/unit.ts';
import { commandLogger } from '../io.ts';
import { contentOf, type Sitting } from './sitting.ts';

const ROOT = new URL('../../../', import.meta.url);

/** The unit that runs this installation with this configuration. */
function unitOf(sitting: Sitting): string {
  const content = contentOf(sitting);
  const { environment } = sitting.io;
  return unitFor({
    shipped: readFileSync(new URL('systemd/multical2mqtt.service', ROOT), 'utf8'),
    configPath: resolve(sitting.target.path),
    content,
    node: process.execPath,
    program: fileURLToPath(new URL('dist/main.js', ROOT)),
    user: environment.SUDO_USER || userInfo().username,
    group: metersIn(content)
      .map(({ port }) => groupOf(String(port)))
      .find((group) => group !== undefined),
  });
}

/** Installs the unit where this user may, and returns sentences and commands for what is left to do. */
export function installService(sitting: Sitting): readonly string[] {
  const unit = unitOf(sitting);
  if (process.getuid?.() !== 0) {
    const file = join(dirname(sitting.target.path), 'multical2mqtt.service');
    writeFileSync(file, unit);
    return [`The unit is in ${file}. As root it is begun with:`, ...unitCommands(file)];
  }
  replaceUnit(unit);
  for (const words of [['daemon-reload'], ['enable', 'multical2mqtt'], ['restart', 'multical2mqtt']]) {
    const { status, stderr } = spawnSync('systemctl', words, { encoding: 'utf8' });
    if (status !== 0) return [`systemctl ${words.join(' ')} failed: ${stderr.trim()}`];
  }
  return [`The service runs (${UNIT_PATH}). Its first values: journalctl -u multical2mqtt -f`];
}

/** What to type to run the bridge with this configuration. */
export function runCommand({ target, io }: Sitting): string {
  const isFoundByItself = target.path === resolve(OWN_FILE) && !io.environment.MULTICAL2MQTT_CONFIG;
  return isFoundByItself ? 'multical2mqtt run' : `multical2mqtt run --config ${target.path}`;
}

/** About a bridge that goes on with what it was started with; undefined where none is seen to run. */
export async function runningBridge({ io, target }: Sitting): Promise<string | undefined> {
  const { loaded } = inspectConfig({ file: target.path, environment: io.environment });
  if (loaded === undefined) return undefined;
  const bridge = await bridgeIn(loaded.config.dataDir, commandLogger(io, 'error'));
  return bridge && `A bridge runs already (${bridge}): restart it, and it goes by what is written now.`;
}
