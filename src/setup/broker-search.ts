import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { type FirstAnswer, firstAnswer } from '../mqtt/first-answer.ts';
import { connectionProblem } from '../mqtt/report.ts';
import { type Clock, type Random, sleep } from '../shared/clock.ts';
import { type Announced, lookAround, type MdnsPlace, type Surroundings } from './mdns.ts';

/** Something that listens where a broker may be. */
export interface FoundBroker {
  /** By the name that lasts longest of all that lead there. */
  readonly url: string;
  /** How it was found, as in "found " and this. */
  readonly foundBy: string;
  /** Other addresses of the same. */
  readonly alsoAt: readonly string[];
  /** It has answered as a broker; otherwise only something listens there. */
  readonly isBroker: boolean;
  readonly isTls: boolean;
  /** What is wrong with its certificate, as the end of a sentence that begins with the broker; undefined: nothing. */
  readonly distrust?: string;
  /** `needed`: it does not let in whoever has no name; `unknown`: it said something else. */
  readonly login: 'none' | 'needed' | 'unknown';
  /** False: its address is a number that the router may give to another machine. */
  readonly isLasting: boolean;
}

interface SearchOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Ports of meters, as the configuration has them: where one is a gateway, a broker may be at its host. */
  readonly ports?: readonly string[];
  /** Milliseconds; default 2 s. */
  readonly within?: number;
  /** For tests. */
  readonly places?: Partial<Places>;
}

interface Places {
  readonly plain: number;
  readonly tls: number;
  readonly names: readonly string[];
  readonly addressesOf: (name: string) => Promise<readonly string[]>;
  readonly mdns: MdnsPlace;
}

const HOME_ASSISTANT = 'homeassistant.local';
const NAMES: Readonly<Record<string, string>> = {
  localhost: 'on this machine',
  'core-mosquitto': 'by the name core-mosquitto, which Home Assistant gives to its add-on',
  mosquitto: 'by the name mosquitto, as in a Docker network',
  [HOME_ASSISTANT]: `by the name ${HOME_ASSISTANT}`,
};
const SERVICES: Readonly<Record<string, { tls: boolean } | undefined>> = {
  '_mqtt._tcp': { tls: false },
  '_secure-mqtt._tcp': { tls: true },
  '_home-assistant._tcp': undefined,
};

/** A name that may lead to a broker. */
interface Lead {
  readonly name: string;
  readonly foundBy: string;
  readonly addresses: readonly string[];
  readonly doors: readonly { readonly port: number; readonly tls: boolean }[];
}

const WITHIN = 2_000;
/** Of the whole time, what goes to the network's answers; the rest is for asking what they name. */
const AROUND = 0.55;

/** Looks for brokers at all likely places at once. The brokers come first, those without TLS before those with it. */
export async function findBrokers(options: SearchOptions): Promise<readonly FoundBroker[]> {
  return await new BrokerSearch(options).found();
}

class BrokerSearch {
  private readonly options: SearchOptions;
  private readonly places: Places;
  private readonly until: number;
  private readonly ended = new AbortController();
  /** By address and port: what several names lead to is asked once. */
  private readonly asked = new Map<string, Promise<FirstAnswer>>();
  private readonly resolved = new Map<string, Promise<readonly string[]>>();
  private readonly own = ownAddresses();

  constructor(options: SearchOptions) {
    this.options = options;
    const names = Object.keys(NAMES);
    this.places = { plain: 1883, tls: 8883, names, addressesOf, mdns: {}, ...options.places };
    this.until = options.clock.monotonic() + (options.within ?? WITHIN);
  }

  async found(): Promise<readonly FoundBroker[]> {
    const { plain, tls, names } = this.places;
    const doors = [
      { port: plain, tls: false },
      { port: tls, tls: true },
    ];
    // The one that takes longest where nobody knows it comes last: the system looks up two names at a time.
    const named = [...gatewayLeads(this.options.ports ?? []), ...names.map(knownLead)];
    const around = this.around();
    const asked = await Promise.all([
      ...named.map(async (lead) => this.follow({ ...lead, doors, addresses: await this.resolve(lead.name) })),
      around.then((all) => Promise.all(this.announcedLeads(all, doors).map((lead) => this.follow(lead)))),
    ]);
    this.ended.abort();
    return merged(asked.flat(2), this.own);
  }

  private around(): Promise<Surroundings> {
    const { clock, within = WITHIN } = this.options;
    return lookAround({
      services: Object.keys(SERVICES),
      hosts: [HOME_ASSISTANT],
      clock,
      within: within * AROUND,
      place: this.places.mdns,
    });
  }

  private announcedLeads({ announced, addresses }: Surroundings, usual: Lead['doors']): readonly Lead[] {
    const found = announced.map((each) => ({
      name: each.host.toLowerCase(),
      foundBy: foundByOf(each),
      addresses: addresses.get(each.host.toLowerCase()) ?? [],
      doors: doorsOf(each, usual),
    }));
    const homes = addresses.get(HOME_ASSISTANT) ?? [];
    const home = {
      name: HOME_ASSISTANT,
      foundBy: NAMES[HOME_ASSISTANT] ?? '',
      addresses: homes,
      doors: usual,
    };
    return [...found, ...(homes.length > 0 ? [home] : [])];
  }

  /** What listens at its doors. A name that only the network's own service knows is of no use to the bridge. */
  private async follow(lead: Lead): Promise<readonly Heard[]> {
    const known = lead.name.endsWith('.local') ? await this.resolve(lead.name) : lead.addresses;
    const name = known.length > 0 ? lead.name : (lead.addresses[0] ?? lead.name);
    const all = [...new Set([...lead.addresses, ...known])];
    // Numbers of its inner networks, such as Docker's, are often the same as ours, and would lead to ourselves.
    const others = all.filter((address) => !this.own.has(address));
    const addresses = others.length > 0 ? others : all;
    const tries = lead.doors.flatMap((door) => addresses.map((address) => ({ ...door, address })));
    const heard = await Promise.all(
      tries.map(async ({ address, port, tls }) => {
        const answer = await this.ask(address, port, tls, name);
        return answer.is === 'unreached' ? [] : [{ name, foundBy: lead.foundBy, address, port, tls, answer }];
      }),
    );
    return heard.flat();
  }

  private ask(host: string, port: number, tls: boolean, name: string): Promise<FirstAnswer> {
    // Of a certificate it matters for which name it is to be.
    const door = `${host} ${port} ${tls ? name : ''}`;
    const { clock, random } = this.options;
    const mark = Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
    const within = Math.max(0, this.until - clock.monotonic());
    const answer = this.asked.get(door) ?? firstAnswer({ host, port, tls, name }, { clock, mark, within });
    this.asked.set(door, answer);
    return answer;
  }

  private resolve(name: string): Promise<readonly string[]> {
    const addresses = this.resolved.get(name) ?? this.lookUp(name);
    this.resolved.set(name, addresses);
    return addresses;
  }

  /** None where it takes too long: nobody can call off the system's own search. */
  private lookUp(name: string): Promise<readonly string[]> {
    if (name === 'localhost') return Promise.resolve(['127.0.0.1', '::1']);
    if (isIP(name) !== 0) return Promise.resolve([name]);
    const { clock } = this.options;
    // What is left then is needed for the answer of the broker itself.
    const left = Math.max(0, (this.until - clock.monotonic()) * (1 - AROUND / 4));
    return Promise.race([
      this.places.addressesOf(name).catch(() => []),
      sleep(clock, left, this.ended.signal).then(() => []),
    ]);
  }
}

/** Something that listens, and the name that led there. */
interface Heard {
  readonly name: string;
  readonly foundBy: string;
  readonly address: string;
  readonly port: number;
  readonly tls: boolean;
  readonly answer: FirstAnswer;
}

function merged(heard: readonly Heard[], own: ReadonlySet<string>): readonly FoundBroker[] {
  const groups: { keys: Set<string>; all: Heard[] }[] = [];
  for (const each of heard) {
    const machine = own.has(each.address) ? 'here' : each.address;
    const keys = [`${machine} ${each.port}`, `${each.name} ${each.port}`];
    const same = groups.filter((group) => keys.some((key) => group.keys.has(key)));
    for (const group of same) groups.splice(groups.indexOf(group), 1);
    groups.push({
      keys: new Set([...keys, ...same.flatMap((group) => [...group.keys])]),
      all: [...same.flatMap(({ all }) => all), each],
    });
  }
  const found = groups.map(({ all }) => foundBroker(all));
  const rank = ({ isBroker, isTls }: FoundBroker) => Number(!isBroker) * 2 + Number(isTls);
  return found.sort((a, b) => rank(a) - rank(b));
}

function foundBroker(all: readonly Heard[]): FoundBroker {
  const byName = [...all].sort((a, b) => rankOf(a.name) - rankOf(b.name));
  // A broker that listens on one of the name's addresses only is still one.
  const best = byName.find(({ answer }) => answer.is === 'mqtt') ?? (byName[0] as Heard);
  const { answer, tls } = best;
  const urls = [...new Set(byName.map(urlOf))];
  return {
    url: urlOf(best),
    foundBy: best.foundBy,
    alsoAt: urls.filter((url) => url !== urlOf(best)),
    isBroker: answer.is === 'mqtt',
    isTls: tls,
    ...(answer.is === 'mqtt' && answer.distrust && { distrust: connectionProblem(answer.distrust) }),
    login: answer.is === 'mqtt' ? loginOf(answer.code) : 'unknown',
    isLasting: isIP(best.name) === 0,
  };
}

function urlOf({ name, port, tls }: Heard): string {
  return `${tls ? 'mqtts' : 'mqtt'}://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

/** Bad user name or password, not authorized; of MQTT 5, too. */
const NEEDS_LOGIN = [4, 5, 134, 135];

function loginOf(code: number): FoundBroker['login'] {
  if (code === 0) return 'none';
  return NEEDS_LOGIN.includes(code) ? 'needed' : 'unknown';
}

/** The lower, the longer it will lead to the same broker. */
function rankOf(name: string): number {
  const known = Object.keys(NAMES).indexOf(name);
  if (known !== -1) return known;
  if (isIP(name) !== 0) return 12;
  // Home Assistant announces itself by a name of 32 hexadecimal digits.
  return /^[0-9a-f]{32}\./.test(name) ? 11 : 10;
}

function knownLead(name: string): { name: string; foundBy: string } {
  return { name, foundBy: NAMES[name] ?? `by the name ${name}` };
}

function gatewayLeads(ports: readonly string[]): readonly { name: string; foundBy: string }[] {
  return ports.flatMap((port) => {
    const host = /^tcp:\/\/(?:\[([^\]]+)\]|([^:/]+)):\d+$/.exec(port);
    const name = host?.[1] ?? host?.[2];
    return name === undefined
      ? []
      : [{ name: name.toLowerCase(), foundBy: `at the host of the gateway ${port}` }];
  });
}

function foundByOf({ service, label }: Announced): string {
  return service === '_home-assistant._tcp'
    ? `on the machine that announces Home Assistant ("${label}")`
    : `because it announces itself in the network ("${label}")`;
}

function doorsOf({ service, port }: Announced, usual: Lead['doors']): Lead['doors'] {
  const { tls } = SERVICES[service] ?? {};
  return tls === undefined ? usual : [{ port, tls }];
}

async function addressesOf(name: string): Promise<readonly string[]> {
  return (await lookup(name, { all: true })).map(({ address }) => address);
}

function ownAddresses(): ReadonlySet<string> {
  try {
    const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
    return new Set(['127.0.0.1', '::1', ...all.map(({ address }) => address)]);
  } catch {
    // Some systems do not let everybody see them.
    return new Set(['127.0.0.1', '::1']);
  }
}
