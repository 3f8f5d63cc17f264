import type { Component, DeviceDiscovery } from './device-discovery.ts';

/** One entity of a device in a payload of its own. The topic says what its platform is. */
export function componentPayload(
  { device, origin, availability, availability_mode }: DeviceDiscovery,
  { platform: _, ...config }: Component,
): string {
  return JSON.stringify({
    ...(availability && { availability }),
    ...(availability_mode && { availability_mode }),
    // Its own availability wins, as in the device's payload.
    ...config,
    device,
    origin,
  });
}
