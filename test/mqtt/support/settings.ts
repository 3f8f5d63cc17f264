import type { MqttSettings } from '../../../src/mqtt/session.ts';

export function settingsFor(url: string, changed: Partial<MqttSettings> = {}): MqttSettings {
  return {
    url,
    username: '',
    password: '',
    clientId: '',
    protocolVersion: 4,
    ca: '',
    cert: '',
    key: '',
    rejectUnauthorized: true,
    ...changed,
  };
}
