import { CsvOutput } from '../publish/csv/csv-output.ts';
import { InfluxdbOutput } from '../publish/influxdb/influxdb-output.ts';
import type { Output } from '../publish/output.ts';
import { MetricsOutput } from '../publish/prometheus/metrics-output.ts';
import { WebhookOutput } from '../publish/webhook/webhook-output.ts';
import { makeDomoticz } from './make-domoticz.ts';
import type { OutputParts } from './output-parts.ts';

const A_DAY = 86_400_000;

/** The outputs besides MQTT and Home Assistant that the configuration turns on. */
export function makeOutputs(parts: OutputParts): readonly Output[] {
  const { influxdb, webhook, metrics, csv, waiting, dataDir } = parts.config;
  const room = {
    ...parts,
    directory: dataDir,
    maxBytes: waiting.maxMegabytes * 1_000_000,
    maxAge: waiting.maxDays * A_DAY,
  };
  const brokerConnected = (): boolean | undefined => parts.connection?.state.connected;
  const outputs: readonly Output[] = [
    ...makeDomoticz(parts),
    ...(influxdb.enabled ? [new InfluxdbOutput({ ...room, ...influxdb, server: influxdb })] : []),
    ...(csv.enabled ? [new CsvOutput({ ...parts, directory: csv.directory })] : []),
    ...(webhook.enabled ? [new WebhookOutput({ ...room, server: webhook })] : []),
    ...(metrics.enabled
      ? [new MetricsOutput({ ...parts, ...metrics, brokerConnected, outputs: () => outputs })]
      : []),
  ];
  return outputs;
}
