/** What was seen on the line while a reply was awaited. Tells a misplaced head from a sleeping eye from a bad contact. */
export interface Observation {
  readonly bytes: number;
  readonly echoes: number;
  /** Replies of our meter that were cut or had a wrong checksum. */
  readonly damagedReplies: number;
  /** Bytes that were part of no frame and no echo; a lone 00, which a meter may send unasked, is none of them. */
  readonly discardedBytes: number;
  /** Valid frames that were no reply to our request: late ones, another meter's, another master's. */
  readonly foreignFrames: number;
  /** What would have been the reply, had it not come sooner than the line can carry it. */
  readonly earlyReplies: number;
}

export const NOTHING_SEEN: Observation = {
  bytes: 0,
  echoes: 0,
  damagedReplies: 0,
  discardedBytes: 0,
  foreignFrames: 0,
  earlyReplies: 0,
};

export function addObservations(a: Observation, b: Observation): Observation {
  return {
    bytes: a.bytes + b.bytes,
    echoes: a.echoes + b.echoes,
    damagedReplies: a.damagedReplies + b.damagedReplies,
    discardedBytes: a.discardedBytes + b.discardedBytes,
    foreignFrames: a.foreignFrames + b.foreignFrames,
    earlyReplies: a.earlyReplies + b.earlyReplies,
  };
}

const ANY_METER =
  'A 402 or 303 sleeps until a button on it is pressed; a 403, 603 or 803 needs the magnet of the head in its place';

/** What the observation means, for a person who stands before the meter. `wakeAdvice`: of its own family. */
export function explainSilence(seen: Observation, wakeAdvice: string = ANY_METER): string {
  if (seen.damagedReplies > 0) {
    return 'The meter answers, but its bytes arrive damaged: move the head a little, press it flat, keep bright light away.';
  }
  if (seen.earlyReplies > 0) {
    return 'Replies came sooner than this line speed allows: they are late ones out of some buffer, or the gateway talks to the meter faster than 1200 baud. Set both to the same speed.';
  }
  if (seen.foreignFrames > 0) {
    return 'Valid frames arrived, but none was the reply to our request: is another program or another meter on this line?';
  }
  if (seen.bytes === 0) {
    return `Nothing at all was received: check the cable, the port and where the head sits. ${wakeAdvice}.`;
  }
  if (seen.discardedBytes === 0) {
    return `Only the echo of our own request was received: the meter does not see the head, or its eye sleeps. Move or turn the head. ${wakeAdvice}.`;
  }
  return 'Bytes arrived that are no reply of a meter: move the head a little, keep bright light away, and check that it is the right port.';
}
