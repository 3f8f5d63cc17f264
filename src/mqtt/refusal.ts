import { messageOf } from '../shared/errors.ts';
import type { BrokerLimits } from './broker-limits.ts';

export type Act = 'publish' | 'subscribe';

/** What a broker did not take. */
export interface Refusal {
  readonly act: Act;
  /** Or the filter that was to be listened to. */
  readonly topic: string;
  /** What happened and what to do, as the end of a sentence that begins with the broker. */
  readonly words: string;
  /** It was, or may have been, for its length: a shorter message to the same topic may pass. */
  readonly shorterMayPass: boolean;
}

/** Filters such as `multical2mqtt/#`, of all that we publish and listen to; the words name the one that helps. */
export type OwnTopics = readonly string[];

/** What has to be allowed, in the words of the broker that most have. */
export function ruleFor({ act, topic }: { act: Act; topic: string }, own: OwnTopics): string {
  const covering = own.find((filter) => topic.startsWith(filter.replace(/#$/, '')));
  const access = covering === undefined ? { publish: 'write', subscribe: 'read' }[act] : 'readwrite';
  return `in the acl_file of Mosquitto this is "topic ${access} ${covering ?? topic}" below the user's name, in a policy of AWS IoT Core ${POLICY[act]}`;
}

const POLICY = {
  publish: 'iot:Publish and iot:RetainPublish',
  subscribe: 'iot:Subscribe and iot:Receive',
};

const DENIED = [128, 135];
const TOO_LONG = 149;

/** Why the broker refused something; its answer bears a reason code (MQTT 5, section 2.4; 128 in MQTT 3.1.1, too). */
export function refusalByCode(
  act: Act,
  topic: string,
  bytes: number,
  error: unknown,
  own: OwnTopics,
): Refusal {
  const code = codeOf(error);
  const doing = act === 'publish' ? `publishing to ${topic}` : `listening to ${topic}`;
  const refusal = { act, topic, shorterMayPass: code === TOO_LONG };
  if (code === TOO_LONG)
    return { ...refusal, words: `refuses ${doing}: ${bytes} bytes are more than it takes. ${LONGER}` };
  if (code !== undefined && DENIED.includes(code))
    return { ...refusal, words: `refuses ${doing}: allow it this user; ${ruleFor(refusal, own)}.` };
  const known = code === undefined ? undefined : OTHER[code];
  return { ...refusal, words: `refuses ${doing}${known ?? ` (${messageOf(error)}): look into its log.`}` };
}

const LONGER =
  'Let it take longer messages (max_packet_size and message_size_limit of Mosquitto, mqtt.max_packet_size of EMQX).';

const OTHER: Readonly<Record<number, string>> = {
  144: ': it does not like the name of the topic. Try another mqtt.baseTopic.',
  151: ': a quota of this user is used up. Look into the limits that the broker sets.',
  153: ': it wants payloads of another format there. Look into the rules that the broker has for this topic.',
  161: ': it does not support this way of listening.',
  162: ': it lets nobody listen to several topics with one filter. Without it, what the broker holds from earlier runs is not found.',
};

/** What is known to be refused and is not even sent; undefined where it can be. */
export function refusalByLimit(topic: string, size: number, limits: BrokerLimits): Refusal | undefined {
  const refusal = { act: 'publish', topic, shorterMayPass: true } as const;
  const levels = topic.split('/').length;
  if (limits.levels !== undefined && levels > limits.levels) {
    return {
      ...refusal,
      shorterMayPass: false,
      words: `takes topics of at most ${limits.levels} levels, and ${topic} has ${levels}: it is left out. Choose a shorter mqtt.baseTopic.`,
    };
  }
  if (limits.packet === undefined || size <= limits.packet) return undefined;
  return {
    ...refusal,
    words: `takes messages of at most ${limits.packet} bytes, and the one for ${topic} has ${size}: it is left out, and the rest goes on. ${LONGER}`,
  };
}

/** A reason code of MQTT; undefined where the error has none. */
export function codeOf(error: unknown): number | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'number' ? code : undefined;
}
