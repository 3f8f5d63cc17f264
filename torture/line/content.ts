import { UNIT } from '../../src/catalogue/units.ts';
import { encodeFrame, type Frame } from '../../src/kmp/frame.ts';
import { encodeGetRegisterReply, encodeGetSerialNoReply, type Message } from '../../src/kmp/messages.ts';
import type { RegisterRecord } from '../../src/kmp/register.ts';
import { registerDefinitions } from '../../src/simulator/models/meter-model.ts';
import type { Chance } from '../chance.ts';
import type { FaultyLine, LineFault, Strike } from './fault.ts';

/** Heat energy and volume. */
const TOTALS: readonly number[] = [60, 68];

function idsOf(request: Message): readonly number[] {
  return request.kind === 'get-register' ? request.ids : [];
}

const framed = (application: Frame['application'], destination = 0x3f): Uint8Array =>
  encodeFrame({ direction: 'from-meter', destination, application });

/** Another reply with a good checksum, from the records of the true one. */
function altered(
  name: string,
  what: string,
  alter: (records: readonly RegisterRecord[], chance: Chance) => RegisterRecord[],
): LineFault {
  return {
    name,
    what,
    onReply: ({ line, records, wire, from, chance }) => {
      const changed = alter(records, chance);
      line.send(records.length === 0 ? wire : framed(encodeGetRegisterReply(changed)), from);
    },
  };
}

/** A number that no meter can hold: below zero, or beyond all that can be counted. */
function impossible(record: RegisterRecord, chance: Chance): RegisterRecord {
  const signExponent = chance.pick([record.signExponent | 0x80, chance.whole(0x0b, 0x3f), 0x7f]);
  // Other digits each time: three that agree would be a meter that says so. None is zero, which is so to any power.
  const magnitude = Uint8Array.from(record.magnitude, () => chance.whole(1, 0xff));
  return { ...record, signExponent, magnitude };
}

/**
 * The same registers of the meter next door, never twice in a row: three in a row that agree would be a meter that was set
 * anew. Without a total in it, nothing in such a reply tells it from one of our own meter, so those are spared.
 */
function crosstalk(): NonNullable<LineFault['onReply']> {
  const replies = new WeakMap<FaultyLine, number>();
  return ({ line, request, wire, from }: Strike): void => {
    const ids = idsOf(request);
    const count = (replies.get(line) ?? 0) + (ids.some((id) => TOTALS.includes(id)) ? 1 : 0);
    replies.set(line, count);
    const isTheirs = count % 3 === 0 && ids.some((id) => TOTALS.includes(id));
    line.send(isTheirs ? framed(encodeGetRegisterReply(line.stranger.read(ids))) : wire, from);
  };
}

/** Replies with a good checksum that are not the answer. */
export const CONTENT: readonly LineFault[] = [
  {
    name: 'other-registers',
    what: 'the reply to another request',
    onReply: ({ line, request, from, chance }) => {
      const others = line.meter.registerIds.filter((id) => !idsOf(request).includes(id));
      line.send(line.tell(line.meter, chance.shuffled(others).slice(0, chance.whole(1, 8)), from), from);
    },
  },
  {
    name: 'other-command',
    what: 'the reply to another command',
    onReply: ({ line, request, from }) => {
      const other =
        request.kind === 'get-serial-no'
          ? encodeGetRegisterReply([])
          : encodeGetSerialNoReply(line.meter.serialNumber);
      line.send(framed(other), from);
    },
  },
  {
    name: 'other-meter',
    what: "one reply in three another meter's",
    share: 1,
    onReply: crosstalk(),
  },
  {
    name: 'wrong-destination',
    what: 'a reply from another address',
    onReply: ({ line, request, from, chance }) => {
      const records = line.stranger.read(idsOf(request));
      line.send(framed(encodeGetRegisterReply(records), chance.pick([0x7f, 0xbf, 0x40])), from);
    },
  },
  altered('registers-missing', 'registers left out', (records, chance) =>
    records.filter(() => chance.happens(0.6)),
  ),
  altered('registers-doubled', 'a register twice, with two values', (records, chance) =>
    records.flatMap((record) =>
      chance.happens(0.5)
        ? [record, { ...record, magnitude: record.magnitude.map((byte) => byte ^ 0x15) }]
        : [record],
    ),
  ),
  altered('impossible-totals', 'totals beyond all bounds', (records, chance) =>
    records.map((record) => (TOTALS.includes(record.id) ? impossible(record, chance) : record)),
  ),
  altered('empty-reply', 'a reply without any register', () => []),
  {
    name: 'unit-changed',
    what: 'a meter that changes its unit, and back',
    begin: (line) => {
      const undone = TOTALS.flatMap((id) => inAnotherUnit(line, id));
      line.struck();
      return () => {
        for (const undo of undone) undo();
      };
    },
  },
  {
    name: 'totals-reset',
    what: 'a meter that begins anew at small totals',
    begin: (line, chance) => {
      const definitions = registerDefinitions(line.own.model.registers);
      for (const id of TOTALS) {
        const definition = definitions.get(id);
        if (definition) line.own.setRegister(id, { ...definition, source: chance.whole(1, 9) });
      }
      line.struck();
      return () => {
        for (const id of TOTALS) {
          const definition = definitions.get(id);
          if (definition) line.own.setRegister(id, definition);
        }
      };
    },
  },
];

/** GJ for MWh and kWh and back, l for m³ and back. */
const OTHER_UNIT: Readonly<Record<number, readonly [unit: number, decimals: number]>> = {
  [UNIT.gigaJoule]: [UNIT.kiloWattHour, 0],
  [UNIT.megaWattHour]: [UNIT.gigaJoule, 3],
  [UNIT.kiloWattHour]: [UNIT.gigaJoule, 2],
  [UNIT.cubicMetre]: [UNIT.litre, 0],
  [UNIT.litre]: [UNIT.cubicMetre, 2],
};

function inAnotherUnit(line: FaultyLine, id: number): (() => void)[] {
  const definition = registerDefinitions(line.own.model.registers).get(id);
  const [unit, decimals] = (definition && OTHER_UNIT[definition.unit]) ?? [];
  if (definition === undefined || unit === undefined || decimals === undefined) return [];
  line.own.setRegister(id, { ...definition, unit, decimals });
  return [() => line.own.setRegister(id, definition)];
}
