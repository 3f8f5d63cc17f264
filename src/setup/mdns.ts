import { networkInterfaces } from 'node:os';
import type { ResponsePacket } from 'multicast-dns';
import type { Clock } from '../shared/clock.ts';

/** Where the network's own name service is; for tests. */
export interface MdnsPlace {
  readonly port?: number;
  /** Address of the network interface. */
  readonly interface?: string;
  readonly bind?: string;
}

/** What a machine in the network has announced. */
export interface Announced {
  /** Such as `_mqtt._tcp`. */
  readonly service: string;
  /** What its owner calls it. */
  readonly label: string;
  readonly host: string;
  readonly port: number;
}

export interface Surroundings {
  readonly announced: readonly Announced[];
  /** By host name, in small letters. */
  readonly addresses: ReadonlyMap<string, readonly string[]>;
}

interface Asking {
  readonly services: readonly string[];
  readonly hosts: readonly string[];
  readonly clock: Clock;
  /** Milliseconds. */
  readonly within: number;
  readonly place?: MdnsPlace | undefined;
}

type Answer = NonNullable<ResponsePacket['answers']>[number];

const NOBODY: Surroundings = { announced: [], addresses: new Map() };
/** Milliseconds; a packet gets lost now and then, most of all in a wireless network. */
const AGAIN_AFTER = 400;
/** Far more than a house has; whoever says more wants to fill our memory. */
const MOST_RECORDS = 2_000;

/**
 * Asks the network who offers these services and where these hosts are. Where the network or the system has no multicast,
 * as in most containers, nobody answers.
 */
export async function lookAround(asking: Asking): Promise<Surroundings> {
  try {
    // The library asks for them in an event, where nobody could catch that a system refuses them.
    networkInterfaces();
    return await answersTo(asking);
  } catch {
    return NOBODY;
  }
}

async function answersTo({ services, hosts, clock, within, place }: Asking): Promise<Surroundings> {
  // Who never looks around does not pay for it.
  const { default: multicastDns } = await import('multicast-dns');
  const mdns = multicastDns(place);
  const records: Answer[] = [];
  const asked = new Set<string>();
  return new Promise((resolve) => {
    const ask = (questions: readonly { name: string; type: 'PTR' | 'SRV' | 'A' }[]): void => {
      for (const { name } of questions) asked.add(name);
      if (questions.length > 0) mdns.query({ questions: [...questions] }, () => {});
    };
    const first = [
      ...services.map((name) => ({ name: `${name}.local`, type: 'PTR' as const })),
      ...hosts.map((name) => ({ name, type: 'A' as const })),
    ];
    const end = (): void => {
      cancelEnd();
      cancelAgain();
      mdns.removeAllListeners();
      // It may still complain while it is taken down.
      mdns.on('error', () => {});
      try {
        mdns.destroy();
      } catch {
        // Its socket never came to be.
      }
      resolve(surroundingsIn(records, services));
    };
    const cancelEnd = clock.after(within, end);
    const cancelAgain = clock.after(AGAIN_AFTER, () => ask(first));
    mdns.on('error', end);
    mdns.on('response', ({ answers = [], additionals = [] }) => {
      if (records.length > MOST_RECORDS) return;
      records.push(...answers, ...additionals);
      ask(stillUnknown(records, services).filter(({ name }) => !asked.has(name)));
    });
    ask(first);
  });
}

/** Most say all in one answer; some want to be asked for each part. */
function stillUnknown(records: readonly Answer[], services: readonly string[]) {
  const known = new Set(records.map(({ name, type }) => `${type} ${name.toLowerCase()}`));
  const missing = (name: string, type: 'SRV' | 'A') =>
    known.has(`${type} ${name.toLowerCase()}`) ? [] : [{ name, type }];
  return records.flatMap((record) => {
    if (record.type === 'PTR' && serviceOf(record.name, services) !== undefined)
      return missing(record.data, 'SRV');
    return record.type === 'SRV' && serviceOf(record.name, services) !== undefined
      ? missing(record.data.target, 'A')
      : [];
  });
}

function surroundingsIn(records: readonly Answer[], services: readonly string[]): Surroundings {
  const announced = new Map<string, Announced>();
  const addresses = new Map<string, string[]>();
  for (const record of records) {
    const service = record.type === 'SRV' ? serviceOf(record.name, services) : undefined;
    if (record.type === 'SRV' && service !== undefined && isHostName(record.data.target)) {
      const { target: host, port } = record.data;
      announced.set(`${record.name} ${host} ${port}`, { service, label: labelIn(record.name), host, port });
    }
    // Without the zone of the interface a link-local address leads nowhere.
    if (record.type === 'A' || (record.type === 'AAAA' && !/^fe80:/i.test(record.data))) {
      const known = addresses.get(record.name.toLowerCase()) ?? [];
      if (!known.includes(record.data)) addresses.set(record.name.toLowerCase(), [...known, record.data]);
    }
  }
  return { announced: [...announced.values()], addresses };
}

function serviceOf(name: string, services: readonly string[]): string | undefined {
  return services.find((service) => name.toLowerCase().endsWith(`${service}.local`));
}

/** Anybody in the network may announce anything. */
function isHostName(host: string): boolean {
  return /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/i.test(host);
}

const LONGEST_LABEL = 60;

function labelIn(name: string): string {
  const label = name.replace(/\._[^.]+\._(tcp|udp)\.local$/i, '');
  return label.replace(/\p{C}/gu, '').slice(0, LONGEST_LABEL);
}
