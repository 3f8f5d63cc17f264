import { messageOf } from '../shared/errors.ts';
import type { BrokerLimits } from './broker-limits.ts';

/** `will`: connecting with the topic of our last will. */
export type Act = 'publish' | 'subscribe' | 'will';

/** What is sent to the broker and confirmed by it. */
export interface Sent {
  readonly act: Act;
  readonly topic: string;
  /** Bytes of the packet. */
  readonly size: number;
}

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
  const access =
    covering === undefined ? { publish: 'write', subscribe: 'read', will: 'write' }[act] : 'readwrite';
  return `in the acl_file of Mosquitto this is "topic ${access} ${covering ?? topic}" below the user's name, in a policy of AWS IoT Core ${POLICY[act]}`;
}

/** By MQTT 3.1.1 this is all that can be known of what is thrown away without a word. */
export function unheard(topics: string, rule: string): string {
  return `confirms what is published to ${topics}, but nothing of it comes back: either this user may not publish there, or it may not listen, which does no harm. See with another program whether it arrives. To allow both: ${rule}.`;
}

const POLICY = {
  publish: 'iot:Publish and iot:RetainPublish',
  subscribe: 'iot:Subscribe and iot:Receive',
  will: 'iot:Publish and iot:RetainPublish',
};

const DENIED = [128, 135];
const TOO_LONG = 149;

/** The broker has answered with a reason code (MQTT 5, section 2.4; 128 in MQTT 3.1.1, too). */
export function refusalByCode({ act, topic, size }: Sent, error: unknown, own: OwnTopics): Refusal {
  const code = codeOf(error);
  const doing = act === 'publish' ? `publishing to ${topic}` : `listening to ${topic}`;
  const refusal = { act, topic, shorterMayPass: code === TOO_LONG };
  if (code === TOO_LONG)
    return { ...refusal, words: `refuses ${doing}: ${size} bytes are more than it takes. ${LONGER}` };
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
export function refusalByLimit({ act, topic, size }: Sent, limits: BrokerLimits): Refusal | undefined {
  if (act !== 'publish') return undefined;
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

/** Shorter packets are refused for their length by no broker. */
const SURELY_SHORT = 1_024;
/** AWS IoT Core takes no more, also under a name that is not Amazon's. */
const MOST_LEVELS = 8;

/** The broker closes the connection over it. `longestTaken`: of the messages (bytes) that it has taken. */
export function refusalByClosing(
  { act, topic, size }: Sent,
  longestTaken: number,
  error: unknown,
  own: OwnTopics,
): Refusal {
  const code = codeOf(error);
  const isLong = act === 'publish' && size > Math.max(longestTaken, SURELY_SHORT);
  const isTooLong = code === TOO_LONG || (isLong && isOddAnswer(error));
  const doing = act === 'publish' ? `something is published to ${topic}` : `we listen to ${topic}`;
  const rule = ruleFor({ act, topic }, own);
  const levels = topic.split('/').length;
  const why = isTooLong
    ? `${size} bytes are more than it takes. ${LONGER}`
    : code !== undefined && CLOSES_FOR[code] !== undefined
      ? CLOSES_FOR[code]
      : levels > MOST_LEVELS
        ? `perhaps the topic has too many levels (${levels}; AWS IoT Core takes ${MOST_LEVELS}): choose a shorter mqtt.baseTopic.`
        : isLong
          ? `either this user may not, or ${size} bytes are more than it takes. Allow it (${rule}), or let it take longer messages (max_packet_size of Mosquitto, mqtt.max_packet_size of EMQX).`
          : `this user may not. Allow it; ${rule}.`;
  return {
    act,
    topic,
    shorterMayPass: isTooLong || isLong,
    words: `closes the connection whenever ${doing}. It is left out and tried again in an hour; the rest goes on. The reason: ${why}`,
  };
}

const CLOSES_FOR: Readonly<Record<number, string>> = {
  144: 'it does not like the name of the topic. Try another mqtt.baseTopic.',
  153: 'it wants payloads of another format there. Look into the rules that it has for this topic.',
  154: 'it keeps no messages, but does not say so when it lets us in. Allow retained messages there.',
  155: 'it does not offer quality of service 1, but does not say so when it lets us in. Allow it there.',
};

/**
 * Mosquitto 2.0.11 answers what is beyond `message_size_limit` with a code that is none for a message, so that it cannot be
 * read.
 */
export function isOddAnswer(error: unknown): boolean {
  return error instanceof Error && /^Invalid (pub|sub)ack reason code/i.test(error.message);
}

/** A reason code of MQTT; undefined where the error has none. */
export function codeOf(error: unknown): number | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'number' ? code : undefined;
}
