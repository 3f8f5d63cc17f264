/**
 * How entities are announced to Home Assistant: all of a device in one payload, or one payload each. Domoticz and openHAB
 * read the second form only.
 */
export type DiscoveryForm = 'device' | 'component';
