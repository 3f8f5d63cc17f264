import { coreWebSocket } from '../addon/supervisor-client.ts';
import type { LoadedConfig } from '../config/load.ts';
import type { HomeAssistantAccess } from '../statistics/connection.ts';

type Origin = Pick<LoadedConfig, 'config' | 'isAddon'>;
type Environment = Readonly<Record<string, string | undefined>>;

/** How the bridge gets at Home Assistant's statistics by itself; undefined where that is not wanted. */
export function statisticsAccess(loaded: Origin, environment: Environment): HomeAssistantAccess | undefined {
  return loaded.config.homeAssistant.statistics ? homeAssistantAccess(loaded, environment) : undefined;
}

/** The same for somebody who asks for it; undefined where nobody said where Home Assistant is. */
export function homeAssistantAccess(
  { config, isAddon }: Origin,
  environment: Environment,
): HomeAssistantAccess | undefined {
  if (isAddon) return coreWebSocket(environment);
  const { url, token } = config.homeAssistant;
  if (url === '') return undefined;
  return { url: new URL('/api/websocket', url).href.replace(/^http/, 'ws'), token };
}
