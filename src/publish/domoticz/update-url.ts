import type { DeviceUpdate } from './domoticz-route.ts';

/** `http://host:8080/json.htm?type=command&param=udevice&idx=12&nvalue=0&svalue=84.817` */
export function updateUrl(url: string, { index, svalue }: DeviceUpdate): string {
  const { origin, pathname } = new URL(url);
  // Whoever copies the address from Domoticz' documentation has its last part too.
  const path = pathname.replace(/\/(json\.htm)?$/, '').replace(/\/+$/, '');
  return `${origin}${path}/json.htm?type=command&param=udevice&idx=${index}&nvalue=0&svalue=${encodeURIComponent(svalue)}`;
}
