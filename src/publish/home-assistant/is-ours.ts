import { isObject } from './is-object.ts';
import { jsonObject } from './json-object.ts';

/**
 * Whether we announced this entity: the payload names us as its origin, or is the marker that we leave where we moved it
 * from. A user may hang entities of their own on our device; those stay.
 */
export function isOurs(payload: string, originName: string): boolean {
  const { origin, migrate_discovery } = jsonObject(payload);
  return migrate_discovery === true || (isObject(origin) && origin.name === originName);
}
