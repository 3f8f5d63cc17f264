import type { Config } from '../config/keys.ts';
import type { BrokerState } from '../mqtt/connection.ts';
import type { Output } from '../outputs/output.ts';
import type { OutputState } from '../web/api.ts';

export type ShownOutput = Pick<Output, 'definition' | 'health'>;

/** The broker as one of the places that readings go to. */
export function brokerState({ connected, address, problem }: BrokerState): OutputState {
  return {
    name: 'mqtt',
    label: 'MQTT broker',
    noun: 'message',
    state: connected
      ? problem === undefined
        ? 'works'
        : 'trouble'
      : problem === undefined
        ? 'waits'
        : 'trouble',
    problem: problem ?? null,
    address: address ?? null,
    delivered: null,
    waiting: 0,
    refused: 0,
    lost: 0,
    lastDelivery: null,
  };
}

export function outputState(
  { definition: { name, label, noun }, health }: ShownOutput,
  config: Config,
): OutputState {
  const { delivered, waiting, refused, lost, lastDelivery, problem } = health;
  return {
    name,
    label,
    noun,
    state: problem !== null ? 'trouble' : lastDelivery === null ? 'waits' : 'works',
    problem,
    address: addressOf(name, config),
    delivered,
    waiting,
    refused,
    lost,
    lastDelivery,
  };
}

/** Where it delivers: of an address only what cannot hold a token. */
function addressOf(name: string, { influxdb, domoticz, webhook, csv, metrics }: Config): string | null {
  switch (name) {
    case 'influxdb':
      return originOf(influxdb.url);
    case 'domoticz':
      return originOf(domoticz.url);
    case 'webhook':
      return originOf(webhook.url);
    case 'csv':
      return csv.directory;
    case 'metrics':
      return `${metrics.host}:${metrics.port}`;
    default:
      return null;
  }
}

function originOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).origin : null;
}
