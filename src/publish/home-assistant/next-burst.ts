import { componentPayload } from './component-payload.ts';
import type { DeviceDiscovery } from './device-discovery.ts';
import type { DiscoveryForm } from './discovery-form.ts';
import type { DiscoveryTopics } from './discovery-topics.ts';
import { MIGRATION_MARKER } from './migration-marker.ts';
import { nextPayload } from './next-payload.ts';

export interface Message {
  readonly topic: string;
  /** Empty: the topic is to hold nothing. */
  readonly payload: string;
}

/**
 * `release`: the other form is told to let go, so that the wanted one has to be announced once more. `announce`: the
 * wanted form is all there. `clear`: what is left of the other form goes.
 */
export interface Burst {
  readonly step: 'release' | 'announce' | 'clear';
  readonly messages: readonly Message[];
}

export interface Discovery {
  /** What the broker holds of this device, in both forms: topic and payload, never an empty one. */
  readonly held: ReadonlyMap<string, string>;
  readonly wanted: DeviceDiscovery;
  readonly form: DiscoveryForm;
  readonly topics: DiscoveryTopics;
  /** Whether the wanted form was announced since the other one let go. False where that is not known. */
  readonly announced: boolean;
}

/**
 * What to publish next, so that the broker holds the wanted discovery in the wanted form and nothing else; undefined when
 * it does. Whatever it holds now, the way is Home Assistant's: the other form lets go, the wanted form takes over, the
 * other one is emptied. Emptied before, it would take the entities with it.
 */
export function nextBurst(discovery: Discovery): Burst | undefined {
  const bursts = discovery.form === 'device' ? toDevice(discovery) : toComponents(discovery);
  return bursts.find(({ messages }) => messages.length > 0);
}

function toDevice({ held, wanted, topics, announced }: Discovery): readonly Burst[] {
  const wantedTopics = new Set(componentMessages(wanted, topics).map(({ topic }) => topic));
  const others = [...held].filter(([topic]) => topic !== topics.device);
  // What is not wanted has nowhere to go on.
  const release = others
    .filter(([, payload]) => payload !== MIGRATION_MARKER)
    .map(([topic]) => ({ topic, payload: wantedTopics.has(topic) ? MIGRATION_MARKER : '' }));
  const now = held.get(topics.device) ?? '';
  const payload = nextPayload(now, wanted);
  const due = payload !== now || (others.length > 0 && !announced);
  return [
    { step: 'release', messages: release },
    { step: 'announce', messages: due ? [{ topic: topics.device, payload }] : [] },
    { step: 'clear', messages: others.map(([topic]) => ({ topic, payload: '' })) },
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
        ...all.filter((message) => again || held.get(message.topic) !== message.payload),
        ...stale.map((each) => ({ topic: each, payload: '' })),
      ],
    },
    { step: 'clear', messages: other === undefined ? [] : [{ topic, payload: '' }] },
  ];
}

/** What is not wanted any more is removed first: let go of, it would stay in Home Assistant for ever. */
function releasing(other: string, wanted: DeviceDiscovery): string {
  const payload = nextPayload(other, wanted);
  return payload === JSON.stringify(wanted) ? MIGRATION_MARKER : payload;
}

function componentMessages(wanted: DeviceDiscovery, topics: DiscoveryTopics): readonly Message[] {
  return Object.entries(wanted.components).map(([key, component]) => ({
    topic: topics.component(component.platform, key),
    payload: componentPayload(wanted, component),
  }));
}
