import { discoveryTopicOf } from './device-ids.ts';

/** Where one device is announced, in either form. */
export interface DiscoveryTopics {
  /** All of it in one payload. */
  readonly device: string;
  /** What to subscribe to for the single ones. Home Assistant's other device topics match it too. */
  readonly anyComponent: string;
  /** One entity. For Home Assistant the same one as `key` in the device's payload. */
  component(platform: string, key: string): string;
  /** Whether a topic that matches `anyComponent` is really one entity's. */
  isComponent(topic: string): boolean;
}

export function discoveryTopics(prefix: string, deviceId: string): DiscoveryTopics {
  const component = (platform: string, key: string) => `${prefix}/${platform}/${deviceId}/${key}/config`;
  return {
    device: discoveryTopicOf(prefix, deviceId),
    anyComponent: component('+', '+'),
    component,
    isComponent: (topic) => !topic.startsWith(`${prefix}/device/`),
  };
}
