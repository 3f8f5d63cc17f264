import type { FaultyLine, LineFault, Strike } from './fault.ts';

/** Sends the reply in pieces; `pause`: milliseconds before each piece but the first. */
function inPieces({ line, wire, from }: Strike, pieces: readonly Uint8Array[], pause: () => number): void {
  let at = from;
  for (const piece of pieces) {
    line.send(piece, at);
    at += piece.length * line.byteTime + pause();
  }
  if (pieces.length === 0) line.send(wire, from);
}

function cut(wire: Uint8Array, length: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < wire.length; at += length) pieces.push(wire.slice(at, at + length));
  return pieces;
}

/** The reply is right, but comes at another time than it should. */
export const TIMING: readonly LineFault[] = [
  {
    name: 'split',
    what: 'a reply in pieces',
    onReply: (strike) =>
      inPieces(strike, cut(strike.wire, strike.chance.whole(2, 20)), () => strike.chance.between(20, 90)),
  },
  {
    name: 'slow-bytes',
    what: 'bytes up to 60 ms apart',
    onReply: (strike) => inPieces(strike, cut(strike.wire, 1), () => strike.chance.between(10, 60)),
  },
  {
    name: 'pause-inside',
    what: 'a pause of up to 1.5 s in a reply',
    onReply: (strike) =>
      inPieces(strike, cut(strike.wire, Math.ceil(strike.wire.length / 2)), () =>
        strike.chance.between(300, 1_500),
      ),
  },
  {
    name: 'late',
    what: 'a reply up to 4 s late',
    onReply: ({ line, wire, from, chance }) => line.send(wire, from + chance.between(800, 4_000)),
  },
  previousReply(),
  {
    name: 'twice',
    what: 'a reply twice',
    onReply: ({ line, wire, from }) => {
      line.send(wire, from);
      line.send(wire, from);
    },
  },
  { name: 'silence', what: 'no reply at all', share: 1, onReply: () => {} },
  {
    name: 'deaf',
    what: 'only one reply in three heard',
    share: 0.67,
    onReply: () => {},
  },
  {
    name: 'acknowledge',
    what: 'a lone 06 as reply',
    onReply: ({ line, from }) => line.send(Uint8Array.of(0x06), from),
  },
];

/** How long a gateway keeps a reply that nobody took. */
const KEPT_FOR = 8_000;

function previousReply(): LineFault {
  const keptBy = new WeakMap<FaultyLine, { readonly wire: Uint8Array; readonly at: number }>();
  return {
    name: 'previous-reply',
    what: 'replies one too late',
    share: 1,
    onReply: ({ line, wire, from }) => {
      const kept = keptBy.get(line);
      keptBy.delete(line);
      if (kept !== undefined && from - kept.at < KEPT_FOR) line.send(kept.wire, from);
      else keptBy.set(line, { wire, at: from });
    },
  };
}
