import { csv } from './csv/config.ts';
import { domoticz } from './domoticz/config.ts';
import { influxdb } from './influxdb/config.ts';
import type { Output, OutputDefinition, OutputParts } from './output.ts';
import { metrics } from './prometheus/config.ts';
import { webhook } from './webhook/config.ts';

/** Makes one output once the rest of the bridge is there. */
export type MakeOutput = (parts: OutputParts) => Output;

/**
 * `load` resolves with nothing while the output is off, so that its code and its packages cost no memory. `Config`: the
 * section of the configuration with the output's name.
 */
function output<const Definition extends OutputDefinition, Config extends { readonly enabled: boolean }>(
  definition: Definition,
  code: () => Promise<new (config: Config, parts: OutputParts) => Output>,
  reach?: () => Promise<(config: Config) => Promise<string | undefined>>,
) {
  const name: Definition['name'] = definition.name;
  return {
    ...definition,
    load: async (config: Readonly<Record<Definition['name'], Config>>): Promise<MakeOutput | undefined> => {
      const section = config[name];
      if (!section.enabled) return undefined;
      const Made = await code();
      return (parts) => new Made(section, parts);
    },
    /**
     * Knocks at its server without leaving anything there, and resolves with what answered; with nothing where it is off
     * or has none. Error `failed` in words.
     */
    reach: async (config: Readonly<Record<Definition['name'], Config>>): Promise<string | undefined> => {
      const section = config[name];
      return section.enabled && reach !== undefined ? (await reach())(section) : undefined;
    },
  };
}

/** Every output besides MQTT and Home Assistant. The page, the metrics and the broker show them in this order. */
export const OUTPUTS = [
  output(
    domoticz,
    async () => (await import('./domoticz/output.ts')).DomoticzOutput,
    async () => (await import('./domoticz/routes.ts')).reachDomoticz,
  ),
  output(
    influxdb,
    async () => (await import('./influxdb/output.ts')).InfluxdbOutput,
    async () => (await import('./influxdb/server.ts')).reachInfluxdb,
  ),
  output(csv, async () => (await import('./csv/output.ts')).CsvOutput),
  output(
    webhook,
    async () => (await import('./webhook/output.ts')).WebhookOutput,
    async () => (await import('./webhook/output.ts')).reachWebhook,
  ),
  output(metrics, async () => (await import('./prometheus/output.ts')).MetricsOutput),
];
