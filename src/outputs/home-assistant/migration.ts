import { fieldsOf } from '../../shared/stored.ts';
import { devicePayload, readDiscovery } from './abbreviations.ts';
import type { Component, DeviceDiscovery, DiscoveryForm, DiscoveryTopics } from './discovery.ts';

/** Renders one entity of a device as a payload of its own. The topic names its platform. */
export function componentPayload(
  { device, origin, availability, availability_mode, refused_bytes }: DeviceDiscovery,
  { platform: _, ...config }: Component,
): string {
  return JSON.stringify({
    ...(availability && { availability }),
    ...(availability_mode && { availability_mode }),
    // Its own availability wins, as in the device's payload.
    ...config,
    device,
    origin,
    ...(refused_bytes !== undefined && { refused_bytes }),
  });
}

/**
 * Tells Home Assistant that what this topic announced goes on at another one: it lets go of the entities and keeps their
 * names, settings and history. The key must be alone.
 */
export const MIGRATION_MARKER = JSON.stringify({ migrate_discovery: true });

/**
 * Gives the next payload on the way from the held one to the wanted one. Home Assistant keeps an entity whose key is just
 * left out; it wants to see the key with nothing but its platform first. As long as `held` has an entity too many, such a
 * payload comes before the wanted one.
 */
export function nextPayload(held: string, wanted: DeviceDiscovery): string {
  const components = Object.entries(fieldsOf(readDiscovery(held).components));
  const removed = components.flatMap(([key, component]) => {
    if (key in wanted.components) return [];
    const { platform, ...rest } = fieldsOf(component);
    // Anything else is not ours, and Home Assistant knows no such entity.
    if (typeof platform !== 'string') return [];
    return Object.keys(rest).length > 0 ? [[key, { platform }]] : [];
  });
  return devicePayload(wanted, Object.fromEntries(removed));
}

/** Milliseconds between two bursts: Home Assistant drops parts of the second while it still sets up the first. */
export const PAUSE = 5_000;

interface Message {
  readonly topic: string;
  /** Empty: the topic is to hold nothing. */
  readonly payload: string;
}

/**
 * `release`: the other form is told to let go, so that the wanted one has to be announced once more. `announce`: what is
 * left of the other form goes, and the wanted one is all there.
 */
interface Burst {
  readonly step: 'release' | 'announce';
  readonly messages: readonly Message[];
}

interface Discovery {
  /** Topic and payload of all that the broker holds for this device, in both forms; never an empty payload. */
  readonly held: ReadonlyMap<string, string>;
  readonly wanted: DeviceDiscovery;
  readonly form: DiscoveryForm;
  readonly topics: DiscoveryTopics;
  /** The wanted form was announced since the other one let go. False where that is not known. */
  readonly announced: boolean;
}

/**
 * Plans the next burst, so that the broker comes to hold the wanted discovery in the wanted form and nothing else;
 * undefined when it does. Whatever it holds now, the other form lets go, then it is emptied, and the wanted form takes
 * over. Emptied before it has let go, it would take the entities with it; emptied when the other one has taken over, Home
 * Assistant writes a warning for each entity.
 */
export function planMigration(discovery: Discovery): Burst | undefined {
  const bursts = discovery.form === 'device' ? toDevice(discovery) : toComponents(discovery);
  return bursts.find(({ messages }) => messages.length > 0);
}

function toDevice({ held, wanted, topics, announced }: Discovery): readonly Burst[] {
  const others = [...held].filter(([topic]) => topic !== topics.device);
  // Only where something is left of the other form: a fleet of meters would pay for them at each start.
  const wantedTopics = new Set(others.length === 0 ? [] : componentTopics(wanted, topics));
  // An entity that is not wanted has nowhere to go on.
  const release = others
    .filter(([, payload]) => payload !== MIGRATION_MARKER)
    .map(([topic]) => ({ topic, payload: wantedTopics.has(topic) ? MIGRATION_MARKER : '' }));
  const now = held.get(topics.device) ?? '';
  const payload = nextPayload(now, wanted);
  const due = payload !== now || (others.length > 0 && !announced);
  return [
    { step: 'release', messages: release },
    {
      step: 'announce',
      messages: [
        ...others.map(([topic]) => ({ topic, payload: '' })),
        ...(due ? [{ topic: topics.device, payload }] : []),
      ],
    },
  ];
}

function toComponents({ held, wanted, topics, announced }: Discovery): readonly Burst[] {
  const topic = topics.device;
  const other = held.get(topic);
  const all = componentMessages(wanted, topics);
  const again = other !== undefined && !announced;
  const wantedTopics = new Set([topic, ...all.map((message) => message.topic)]);
  const stale = [...held.keys()].filter((each) => !wantedTopics.has(each));
  return [
    {
      step: 'release',
      messages:
        other === undefined || other === MIGRATION_MARKER
          ? []
          : [{ topic, payload: releasing(other, wanted) }],
    },
    {
      step: 'announce',
      messages: [
        ...(other === undefined ? [] : [{ topic, payload: '' }]),
        ...all.filter((message) => again || held.get(message.topic) !== message.payload),
        ...stale.map((each) => ({ topic: each, payload: '' })),
      ],
    },
  ];
}

/** Removes first what is not wanted any more: released, it would stay in Home Assistant for ever. */
function releasing(other: string, wanted: DeviceDiscovery): string {
  const payload = nextPayload(other, wanted);
  return payload === devicePayload(wanted) ? MIGRATION_MARKER : payload;
}

function componentTopics({ components }: DeviceDiscovery, topics: DiscoveryTopics): readonly string[] {
  return Object.entries(components).map(([key, { platform }]) => topics.component(platform, key));
}

function componentMessages(wanted: DeviceDiscovery, topics: DiscoveryTopics): readonly Message[] {
  return Object.entries(wanted.components).map(([key, component]) => ({
    topic: topics.component(component.platform, key),
    payload: componentPayload(wanted, component),
  }));
}
