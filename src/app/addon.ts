import type { MqttConfig } from '../config/config.ts';
import type { Secrets } from '../log/secrets.ts';
import type { BrokerSource } from '../mqtt/broker-source.ts';
import { type MqttService, SupervisorClient } from '../supervisor/supervisor-client.ts';

/** Where the Supervisor's proxy for ingress comes from; Home Assistant has checked the user before. */
export const INGRESS_ADDRESS = '172.30.32.2';
/** Stands in addon/config.yaml too. */
export const INGRESS_PORT = 8099;

/**
 * The broker that Home Assistant offers, unless the user named one. User name and password of the user's own count all
 * the same.
 */
export function offeredBroker(
  environment: Readonly<Record<string, string | undefined>>,
  own: Pick<MqttConfig, 'username' | 'password'>,
  secrets: Secrets,
): BrokerSource {
  const supervisor = new SupervisorClient({
    url: environment.SUPERVISOR_URL ?? 'http://supervisor',
    token: environment.SUPERVISOR_TOKEN ?? '',
  });
  return async (signal) => {
    const service = await supervisor.mqttService(signal);
    if (service === undefined) return undefined;
    secrets.add(service.password);
    return {
      url: urlOf(service),
      username: own.username || service.username,
      // Another user's password would be of no use, and is not for everyone's eyes.
      password: own.password || (own.username === '' ? service.password : ''),
    };
  };
}

function urlOf({ host, port, tls }: MqttService): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return `${tls ? 'mqtts' : 'mqtt'}://${name}:${port}`;
}
