import { existsSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { WebConfig } from './config.ts';
import { doorOf, isOnlyHere } from './door.ts';

/** The machine that the page is served on. */
export interface Machine {
  /** Its own addresses are nothing to the network around it. */
  readonly isContainer: boolean;
  /** Of IPv4, by which others in the network reach it. */
  readonly addresses: readonly string[];
}

/** Where a browser on another machine finds the page; undefined where it does not, or where we cannot know. */
export function pageAddress(
  { enabled, host, port, publicUrl, password, auth }: WebConfig,
  machine: () => Machine,
): string | undefined {
  if (!enabled) return undefined;
  if (publicUrl !== '') return publicUrl;
  if (isOnlyHere(host) || doorOf({ host, password, auth }) === 'shut') return undefined;
  if (!ANY.has(host)) return urlOf(isIPv6(host) ? `[${host}]` : host, port);
  const { isContainer, addresses } = machine();
  // Which port of the host leads here is not told inside.
  const [address] = isContainer ? [] : addresses;
  return address && urlOf(address, port);
}

/** Undefined for what no browser takes, such as an address with the name of a network card behind it. */
function urlOf(host: string, port: number): string | undefined {
  const url = `http://${host}:${port}`;
  return URL.canParse(url) ? url : undefined;
}

/** Listening at one of these is listening at every address. */
const ANY: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/** Networks between a machine and its own containers and virtual machines, or through a tunnel. */
const VIRTUAL = /^(docker|br-|veth|virbr|vmnet|vboxnet|podman|cni|tun|tap|wg|zt|tailscale)/;
const IN_CONTAINER = ['/.dockerenv', '/run/.containerenv'];

export function thisMachine(): Machine {
  const cards = Object.entries(networkInterfaces()).filter(([name]) => !VIRTUAL.test(name));
  return {
    isContainer: IN_CONTAINER.some((file) => existsSync(file)) || 'KUBERNETES_SERVICE_HOST' in process.env,
    addresses: cards.flatMap(([, each = []]) =>
      each
        .filter(
          ({ family, internal, address }) => family === 'IPv4' && !internal && !/^169\.254\./.test(address),
        )
        .map(({ address }) => address),
    ),
  };
}
