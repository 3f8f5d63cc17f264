import { describe, expect, test } from 'vitest';
import { wireBytes } from '../../src/kmp/bytes.ts';
import { decodeFrame } from '../../src/kmp/frame.ts';
import { decodeMessage, encodeGetRegisterReply } from '../../src/kmp/messages.ts';
import { MeterClient, type RegisterBatch } from '../../src/link/client.ts';
import { hasCode, Multical2MqttError } from '../../src/shared/errors.ts';
import { fromMeter, record, serialNoReply, typeReply } from './support/frames.ts';
import { errorOf, LentSession } from './support/lent-session.ts';
import type { Reaction } from './support/scripted-channel.ts';

/** Answers every register request with those of `has`. */
function meterWith(line: LentSession, has: (id: number) => boolean): Reaction {
  return (request, channel) => {
    const ids = requestedIds(request);
    const reply = fromMeter(encodeGetRegisterReply(ids.filter(has).map((id) => record(id))));
    line.atLineSpeed(reply)(request, channel);
  };
}

function requestedIds(request: Uint8Array): readonly number[] {
  const decoded = decodeFrame(wireBytes(request));
  const message = decoded.ok ? decodeMessage(decoded.frame) : undefined;
  return message?.kind === 'get-register' ? message.ids : [];
}

function clientOf({ addressee }: LentSession): MeterClient {
  return new MeterClient(addressee);
}

async function batches(line: LentSession, ids: readonly number[], into: RegisterBatch[] = []) {
  const reading = async (): Promise<void> => {
    for await (const batch of clientOf(line).registers(line.session, ids)) into.push(batch);
  };
  await line.clock.runUntil(reading());
  return into;
}

describe('registers', () => {
  const TWENTY = Array.from({ length: 20 }, (_, index) => 60 + index);

  test('are asked for eight at a time, one request after the other, in one wake-up', async () => {
    const line = new LentSession();
    line.channel.reactions.push(...Array(3).fill(meterWith(line, () => true)));
    const read = await batches(line, TWENTY);
    expect(line.channel.written.map((request) => requestedIds(request).length)).toEqual([8, 8, 4]);
    expect(read.flatMap(({ records }) => records.map(({ id }) => id))).toEqual(TWENTY);
    expect(line.counters).toMatchObject({ transactions: 3, wakeUps: 1 });
  });

  test('that the meter leaves out are named, request by request', async () => {
    const line = new LentSession();
    line.channel.reactions.push(...Array(2).fill(meterWith(line, (id) => id % 3 === 0)));
    const read = await batches(line, [60, 61, 62, 63, 64, 65, 66, 67, 68, 69]);
    expect(read.map(({ absent }) => absent)).toEqual([[61, 62, 64, 65, 67], [68]]);
  });

  test('that are all missing are an answer, and no failure', async () => {
    const line = new LentSession();
    line.channel.reactions.push(...Array(2).fill(meterWith(line, () => false)));
    expect(await batches(line, [60, 68])).toEqual([{ records: [], absent: [60, 68], silent: [] }]);
    expect(line.counters).toMatchObject({ transactions: 2, wakeUps: 1 });
  });

  test('are not missing because one empty reply, to somebody else perhaps, came first', async () => {
    const line = new LentSession();
    line.channel.reactions.push(
      meterWith(line, () => false),
      meterWith(line, () => true),
    );
    const [batch] = await batches(line, [60, 68]);
    expect(batch).toMatchObject({ records: [{ id: 60 }, { id: 68 }], absent: [] });
  });

  test('on which the meter falls silent hide no other ones', async () => {
    const line = new LentSession();
    const answers = meterWith(line, () => true);
    const silentOn62: Reaction = (request, channel) => {
      const ids = requestedIds(request);
      if (ids.length === 0) line.atLineSpeed(serialNoReply(7))(request, channel);
      else if (!ids.includes(62)) answers(request, channel);
    };
    line.channel.reactions.push(...Array(40).fill(silentOn62));
    const read: RegisterBatch[] = [];
    const reading = async (): Promise<void> => {
      for await (const batch of clientOf(line).registers(line.session, [60, 61, 62, 63], 'responsive'))
        read.push(batch);
    };
    await line.clock.runUntil(reading());
    expect(read.flatMap(({ records }) => records.map(({ id }) => id))).toEqual([60, 61, 63]);
    expect(read.flatMap(({ silent }) => silent)).toEqual([62]);
  });

  test('read before a failure are not lost', async () => {
    const line = new LentSession();
    line.channel.reactions.push(meterWith(line, () => true));
    const read: RegisterBatch[] = [];
    const error = await errorOf(batches(line, TWENTY, read));
    expect(hasCode(error, 'no-answer')).toBe(true);
    expect(read).toHaveLength(1);
    // Three tries, and one for whether the meter is there at all.
    expect(line.channel.written).toHaveLength(1 + 3 + 1);
  });

  test('of no number ask nothing', async () => {
    const line = new LentSession();
    expect(await batches(line, [])).toEqual([]);
    expect(line.channel.written).toHaveLength(0);
  });
});

test('the serial number is the one that is printed on the meter', async () => {
  const line = new LentSession();
  line.channel.reactions.push(line.atLineSpeed(serialNoReply(65_432_109)));
  expect(await line.clock.runUntil(clientOf(line).serialNumber(line.session))).toBe('65432109');
});

describe('the type', () => {
  test('is what the meter says', async () => {
    const line = new LentSession();
    line.channel.reactions.push(line.atLineSpeed(typeReply(5)));
    const type = await line.clock.runUntil(clientOf(line).type(line.session));
    expect(type).toMatchObject({ meterType: 5, softwareRevision: 'F1' });
  });

  test('is unknown where the meter is silent, which is asked only once', async () => {
    const line = new LentSession();
    expect(await line.clock.runUntil(clientOf(line).type(line.session))).toBeNull();
    expect(line.channel.written).toHaveLength(1);
  });

  test('is no excuse for a line that went away', async () => {
    const line = new LentSession();
    const gone = new Multical2MqttError('channel-closed', 'gone');
    line.channel.writing = () => Promise.reject(gone);
    expect(await errorOf(clientOf(line).type(line.session))).toBe(gone);
  });
});

test('another address is asked at that address', async () => {
  const line = new LentSession();
  line.channel.reactions.push(line.atLineSpeed(serialNoReply(8, 0x7f)));
  const client = new MeterClient({ destination: 0x7f, counters: line.counters });
  expect(await line.clock.runUntil(client.serialNumber(line.session))).toBe('8');
  expect(line.channel.written[0]?.[1]).toBe(0x7f);
});
