import type { BrokerSource } from '../mqtt/broker-list.ts';
import type { MqttConfig } from '../mqtt/config.ts';
import type { Secrets } from '../shared/secrets.ts';
import { type MqttService, supervisorOf } from './supervisor-client.ts';

/**
 * The broker that Home Assistant offers, unless the user named one. User name and password of the user's own count all
 * the same.
 */
export function offeredBroker(
  environment: Readonly<Record<string, string | undefined>>,
  own: Pick<MqttConfig, 'username' | 'password'>,
  secrets: Secrets,
): BrokerSource {
  const supervisor = supervisorOf(environment);
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
