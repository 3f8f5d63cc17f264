import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Bridge } from '../../src/app/bridge.ts';
import type { Config } from '../../src/config/keys.ts';
import { loadConfig } from '../../src/config/load.ts';
import { CollectingLogger } from './collecting-logger.ts';
import { FAST } from './served-meter.ts';

/** A configuration as a user would write it: `keys` over the defaults. */
export function bridgeConfig(keys: Readonly<Record<string, unknown>>, dataDir: string): Config {
  const file = join(dataDir, 'bridge.json');
  writeFileSync(file, JSON.stringify({ dataDir, ...keys }));
  const { config } = loadConfig({ file, environment: {} });
  return config;
}

/** A bridge on real sockets and in real time, stopped when the test ends. */
export async function runningBridge(
  config: Config,
  logger = new CollectingLogger(),
  more: Partial<Parameters<typeof Bridge.make>[0]> = {},
): Promise<{ bridge: Bridge; logger: CollectingLogger }> {
  // Without delays after Home Assistant's birth, and without jitter.
  const made = { config, version: '1.2.3', logger, random: () => 0, baudRate: FAST };
  const bridge = await Bridge.make({ ...made, ...more });
  bridge.start();
  onTestFinished(() => bridge.stop());
  return { bridge, logger };
}
