import { readFileSync } from 'node:fs';
import type { MqttSettings } from './mqtt-settings.ts';

const PROTOCOLS = ['mqtt:', 'mqtts:', 'ws:', 'wss:'];

export interface SessionOptions {
  readonly url: string;
  readonly clientId: string;
  readonly protocolVersion: 4 | 5;
  readonly username?: string;
  readonly password?: string;
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly rejectUnauthorized: boolean;
}

/**
 * What one connection needs. Read anew for each one, so that a renewed certificate counts at the next attempt.
 * Throws with a text for a person when the address or a file cannot be used.
 */
export function sessionOptions(settings: MqttSettings, clientId: string): SessionOptions {
  const url = URL.canParse(settings.url) ? new URL(settings.url) : undefined;
  if (url === undefined || !PROTOCOLS.includes(url.protocol) || url.host === '') {
    throw new Error('mqtt.url is not an MQTT address; write it like mqtt://host:1883 or mqtts://host:8883');
  }
  const { username, password } = settings;
  return {
    url: settings.url,
    clientId,
    protocolVersion: settings.protocolVersion === 5 ? 5 : 4,
    rejectUnauthorized: settings.rejectUnauthorized,
    ...(username !== '' && { username }),
    // MQTT 3 forbids a password without a user name.
    ...(username !== '' && password !== '' && { password }),
    ...(settings.ca !== '' && { ca: pem('mqtt.ca', settings.ca) }),
    ...(settings.cert !== '' && { cert: pem('mqtt.cert', settings.cert) }),
    ...(settings.key !== '' && { key: pem('mqtt.key', settings.key) }),
  };
}

function pem(setting: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new Error(`the file of ${setting}, ${path}, cannot be read`, { cause });
  }
}
