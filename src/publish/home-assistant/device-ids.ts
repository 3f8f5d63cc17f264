import { createHash } from 'node:crypto';
import { slug } from './slug.ts';

/**
 * The bridge's device id. Two bridges at one broker differ in their base topic; where the slug loses something of it, a
 * hash keeps `a/b` and `a_b` apart.
 */
export function bridgeDeviceId(baseTopic: string): string {
  if (baseTopic === 'multical2mqtt') return 'multical2mqtt_bridge';
  const short = slug(baseTopic);
  const hash = createHash('sha256').update(baseTopic).digest('hex').slice(0, 6);
  return ['multical2mqtt_bridge', short, short === baseTopic ? '' : hash]
    .filter((part) => part !== '')
    .join('_');
}

export function meterDeviceId(serialNumber: string): string {
  return `multical2mqtt_${serialNumber.replace(/[^a-zA-Z0-9_-]/g, '_')}`;
}

/** Home Assistant takes letters, digits, `_` and `-` in the last part but one, and nothing else. */
export function discoveryTopicOf(discoveryPrefix: string, deviceId: string): string {
  return `${discoveryPrefix}/device/${deviceId}/config`;
}
