import type { Config } from './config.ts';
import { writtenDevices } from './domoticz-kinds.ts';
import { writtenTags } from './influxdb-kinds.ts';
import { configKeys } from './keys.ts';
import { type ConfigKeys, isKey } from './schema.ts';

const HIDDEN = '***';

type Values = Readonly<Record<string, unknown>>;

/** The effective configuration without secrets, to be printed. */
export function redactConfig(config: Config): unknown {
  const hidden = hide(config as unknown as Values, configKeys('.'));
  const { influxdb, domoticz } = config;
  return {
    ...hidden,
    // As they are written, not as they are kept.
    influxdb: { ...(hidden.influxdb as Values), tags: writtenTags(influxdb.tags) },
    domoticz: { ...(hidden.domoticz as Values), devices: writtenDevices(domoticz.devices) },
    mqtt: {
      ...(hidden.mqtt as Values),
      // Brokers behind WebSockets take tokens in the query.
      url: config.mqtt.url.replace(/\/\/[^/?#]*@/, `//${HIDDEN}@`).replace(/\?.+$/, `?${HIDDEN}`),
    },
  };
}

/** Everything that must not be seen in a log or on a page. */
export function secretsOf(config: Config): readonly string[] {
  return [...collect(config as unknown as Values, configKeys('.')), new URL(config.mqtt.url).search.slice(1)];
}

function hide(values: Values, keys: ConfigKeys): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const node = keys[name];
      if (node === undefined) return [name, value];
      if (!isKey(node)) return [name, hide(value as Values, node)];
      return [name, node.secret === true && value !== '' ? HIDDEN : value];
    }),
  );
}

function collect(values: Values, keys: ConfigKeys): readonly string[] {
  return Object.entries(keys).flatMap(([name, node]) => {
    const value = values[name];
    if (!isKey(node)) return collect(value as Values, node);
    return node.secret === true && typeof value === 'string' && value !== '' ? [value] : [];
  });
}
