import type { DeviceDiscovery } from './device-discovery.ts';
import { isObject } from './is-object.ts';
import { jsonObject } from './json-object.ts';

/**
 * What to publish so that the retained payload becomes the wanted one. Home Assistant keeps an entity whose key is just
 * left out; it wants to see the key with nothing but its platform first. So, as long as `held` has an entity too many,
 * that comes before the wanted payload itself.
 */
export function nextPayload(held: string, wanted: DeviceDiscovery): string {
  const removed = Object.entries(componentsOf(held)).flatMap(([key, component]): [string, unknown][] => {
    if (key in wanted.components || !isObject(component)) return [];
    const { platform, ...rest } = component;
    // Anything else is not ours, and Home Assistant knows no such entity.
    if (typeof platform !== 'string') return [];
    return Object.keys(rest).length > 0 ? [[key, { platform }]] : [];
  });
  if (removed.length === 0) return JSON.stringify(wanted);
  return JSON.stringify({ ...wanted, components: { ...wanted.components, ...Object.fromEntries(removed) } });
}

function componentsOf(payload: string): Readonly<Record<string, unknown>> {
  const { components } = jsonObject(payload);
  return isObject(components) ? components : {};
}
