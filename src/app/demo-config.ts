import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { isCronExpression } from '../polling/schedule.ts';

/** Not `multical2mqtt`: on a real broker there may be a real bridge. */
const BASE_TOPIC = 'multical2mqtt_demo';

/** The bridge's configuration for the demo; `pause`: seconds between two readings. */
export function demoConfig(options: {
  readonly port: string;
  readonly mqttUrl: string;
  readonly dataDir: string;
  readonly pause: number;
}): Config {
  const { port, mqttUrl, dataDir, pause } = options;
  const { config } = loadConfig({
    // Nothing of the user's own configuration: neither a file of this folder nor the environment.
    directory: dataDir,
    environment: {},
    overrides: {
      'meter.port': port,
      'meter.name': 'District heating',
      'meter.schedule': `*/${pause} * * * * *`,
      'meter.mainsPowered': 'true',
      'mqtt.url': mqttUrl,
      'mqtt.baseTopic': BASE_TOPIC,
      dataDir,
    },
    checkCron: isCronExpression,
  });
  return config;
}
