import { encodeFrame } from '../../src/kmp/frame.ts';
import { encodeGetRegisterRequest, encodeGetTypeRequest } from '../../src/kmp/messages.ts';
import type { Chance } from '../chance.ts';
import { spoiled } from './damage.ts';
import type { FaultyLine, LineFault } from './fault.ts';

/** Does something again and again, after pauses of so many milliseconds. */
function again(chance: Chance, least: number, most: number, action: () => void): () => void {
  let timer: NodeJS.Timeout;
  const arm = (): void => {
    timer = setTimeout(
      () => {
        action();
        arm();
      },
      chance.between(least, most),
    );
  };
  arm();
  return () => clearTimeout(timer);
}

/** As long as it takes to lift a head off and set it down. */
const MOVING_THE_HEAD = 7_000;

/** The head is moved to another meter: for some seconds there is none, then the other one answers. */
function moved(line: FaultyLine, to: FaultyLine['meter'], silent: number): () => void {
  const { own } = line;
  line.struck();
  line.meter = to;
  line.mute = silent > 0;
  const timer = setTimeout(() => {
    line.mute = false;
  }, silent);
  return () => {
    clearTimeout(timer);
    line.mute = false;
    line.meter = own;
  };
}

/** What happens to the line as a whole, to its adapter, and to the head. */
export const PLUG: readonly LineFault[] = [
  {
    name: 'echo',
    what: 'a whole echo',
    share: 1,
    onByte: (line, byte, at) => {
      line.send(Uint8Array.of(byte), at - line.byteTime);
      return true;
    },
  },
  {
    name: 'partial-echo',
    what: 'a damaged echo',
    share: 1,
    onByte: (line, byte, at, chance) => {
      if (chance.happens(0.5))
        line.send(Uint8Array.of(chance.happens(0.1) ? byte ^ 0x20 : byte), at - line.byteTime);
      return true;
    },
  },
  {
    name: 'request-damaged',
    what: 'a request damaged on its way',
    share: 1,
    onByte: (_line, _byte, _at, chance) => !chance.happens(0.03),
  },
  {
    name: 'idle-noise',
    what: 'noise all the time',
    begin: (line, chance) =>
      again(chance, 50, 900, () => {
        line.struck();
        line.send(
          spoiled(new Uint8Array(), chance, () => chance.bytes(chance.whole(1, 10))),
          line.now(),
        );
      }),
  },
  {
    name: 'hang-up',
    what: 'the adapter pulled out',
    begin: (line, chance) =>
      again(chance, 500, 6_000, () => {
        line.struck();
        line.unplug(chance.between(200, 2_500));
      }),
  },
  {
    name: 'reset',
    what: 'a connection reset',
    networkOnly: true,
    begin: (line, chance) =>
      again(chance, 200, 3_000, () => {
        line.struck();
        line.hangUp();
      }),
  },
  {
    name: 'second-client',
    what: 'somebody else who asks',
    begin: (line, chance) =>
      again(chance, 300, 3_000, () => {
        line.struck();
        const ids = chance.shuffled(line.meter.registerIds).slice(0, chance.whole(1, 8));
        const application = chance.happens(0.2) ? encodeGetTypeRequest() : encodeGetRegisterRequest(ids);
        line.ask(encodeFrame({ direction: 'to-meter', destination: 0x3f, application }));
      }),
  },
  {
    name: 'swapped-meter',
    what: 'the head on another meter, and back',
    begin: (line) => moved(line, line.stranger, MOVING_THE_HEAD),
  },
  {
    name: 'swapped-neighbour',
    what: 'the head on a meter with like totals, and back',
    begin: (line) => moved(line, line.neighbour, MOVING_THE_HEAD),
  },
  {
    name: 'swapped-at-once',
    what: 'another meter at once',
    begin: (line) => moved(line, line.stranger, 0),
  },
];
