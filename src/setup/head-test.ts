import { userInfo } from 'node:os';
import { type ErrorCode, Multical2MqttError, sentenceOf } from '../shared/errors.ts';
import type { SeenMeter } from './answers.ts';
import { groupOf } from './port-group.ts';

export type TestedHead =
  | { readonly ok: true; readonly meter: SeenMeter }
  | {
      readonly ok: false;
      /** The port is open and nothing answers, or it cannot be used at all. */
      readonly kind: 'silent' | 'unusable';
      readonly why: string;
      /** What to do about it. */
      readonly advice: readonly string[];
    };

/**
 * Asks who answers at a port; `identify` costs the meter one reading at most. Rejects over what is no fault of a port.
 * `goOn`: what to do when this user has joined the port's group.
 */
export async function testHead(
  port: string,
  identify: () => Promise<SeenMeter>,
  goOn: string,
): Promise<TestedHead> {
  try {
    return { ok: true, meter: await identify() };
  } catch (error) {
    if (!(error instanceof Multical2MqttError) || !TELLING.includes(error.code)) throw error;
    const isSilent = error.code === 'no-answer';
    return {
      ok: false,
      kind: isSilent ? 'silent' : 'unusable',
      why: sentenceOf(error),
      advice: isSilent ? SILENT : error.code === 'port-denied' ? joinGroup(port, goOn) : [],
    };
  }
}

const TELLING: readonly ErrorCode[] = [
  'no-answer',
  'port-missing',
  'port-busy',
  'port-denied',
  'port-failed',
  'channel-closed',
  'failed',
];

const SILENT = [
  'Mostly the head is not quite in its place, or the eye of the meter sleeps: press a button on the meter, and move or turn the head a little.',
];

/** The command that lets this user open the port; nothing where the system does not say which group that is. */
function joinGroup(port: string, goOn: string): readonly string[] {
  const name = groupOf(port);
  if (name === undefined) return [];
  return [
    `The port belongs to the group ${name}. Join it with: sudo usermod -aG ${name} ${userInfo().username}`,
    goOn,
  ];
}
