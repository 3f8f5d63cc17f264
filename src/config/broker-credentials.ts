import type { MqttConfig } from './config.ts';

/** Moves credentials out of the URL, where they would show up in logs, into the keys that they belong to. */
export function withoutUrlCredentials(mqtt: MqttConfig): MqttConfig {
  const { username, password } = new URL(mqtt.url);
  if (username === '' && password === '') return mqtt;
  return {
    ...mqtt,
    url: mqtt.url.replace(/\/\/[^/?#]*@/, '//'),
    username: mqtt.username || decoded(username),
    password: mqtt.password || decoded(password),
  };
}

/** A stray % that encodes nothing is meant as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
