import { describe, expect, it } from 'vitest';
import type { LoggerName } from '../../src/catalogue/loggers.ts';
import { wireBytes } from '../../src/kmp/bytes.ts';
import { decodeFrame } from '../../src/kmp/frame.ts';
import {
  encodeLoggerConfigurationReply,
  encodeLogPageReply,
  type LogFlag,
  type LogPage,
} from '../../src/kmp/logger.ts';
import { decodeMessage, type Message } from '../../src/kmp/messages.ts';
import { numberRecord } from '../../src/kmp/register.ts';
import { type LogAccess, logAccess } from '../../src/link/log-access.ts';
import type { LogRows } from '../../src/link/log-answer.ts';
import { hasCode, messageOf } from '../../src/shared/errors.ts';
import { wireOf } from '../fixtures/frame-vectors.ts';
import { damaged, fromMeter, serialNoReply } from './support/frames.ts';
import { errorOf, LentSession } from './support/lent-session.ts';

/** Captures of real meters (jktjkt/PyKMP, tests/test_client.py). */
const YEAR_CONFIGURATION = wireOf(
  '403FB805020101010100000100010000142B003C003F0061006E001BBF0041016A00440054005501710063007B017F007C007D011B7F007E007F0181001B7F00810182008203EC00AF005E003D003E005F006001D901DA004500E000E10048004902030152015C03EB03EAD5640D',
);
const EMPTY = wireOf('403FB807070001010000000000000000000103EA2F0400000000001F2F0D');
const YEARS = wireOf('403FB81BF902000201000000020000000200C003EB3004000003F8050003D0F5AA3A0D');
const DAYS = wireOf(
  '403FB81BF904000303000000BC00000285001BBF03EA2F04000000000403EB3004000003AE4F015C4F070000180C1F000004000000040003AE4E00180C1E000004000000040003AE4D00180C1D000004F22D0D',
);
const OLDEST_OF_NOTHING = '803FB80707FFFF00010103EAB85E0D';

const DAY = 4;

interface Sent extends Partial<Omit<LogPage, 'rows' | 'flags'>> {
  readonly ids: readonly number[];
  readonly registers?: readonly number[];
  readonly flags?: readonly LogFlag[];
}

/** A page of the day log with `ids`, in which each register holds the number of its row. */
function page({ ids, registers = [60], flags = [], ...more }: Sent): Uint8Array {
  const rows = ids.map((id) => ({
    id,
    records: registers.map((register) => numberRecord(register, 2, BigInt(id), 0, 4)),
  }));
  const rest = { asked: 'by-id', logger: DAY, newestId: 645, ...more } as const;
  return fromMeter(encodeLogPageReply({ ...rest, rows, flags: new Set(flags) }));
}

function down(from: number, to: number): readonly number[] {
  return Array.from({ length: from - to + 1 }, (_, index) => from - index);
}

class Log extends LentSession {
  readonly access: LogAccess = logAccess('logger', this.addressee);

  /** The meter says these in turn; undefined is silence. */
  says(...replies: readonly (Uint8Array | undefined)[]): this {
    for (const reply of replies)
      this.channel.reactions.push(reply === undefined ? () => {} : this.atLineSpeed(reply));
    return this;
  }

  configuration(logger: LoggerName) {
    return this.clock.runUntil(this.access.configuration(this.session, logger));
  }

  range(logger: LoggerName) {
    return this.clock.runUntil(this.access.range(this.session, logger));
  }

  rows(from: number, to: number, registers: readonly number[] = [60]): Promise<LogRows> {
    return this.clock.runUntil(this.access.rows(this.session, { logger: 'day', from, to, registers }));
  }

  get asked(): readonly Message[] {
    return this.channel.written.map((bytes) => {
      const decoded = decodeFrame(wireBytes(bytes));
      if (!decoded.ok) throw new Error(decoded.fault);
      return decodeMessage(decoded.frame);
    });
  }
}

describe('a logger', () => {
  it('tells its depth and its registers', async () => {
    const log = new Log().says(YEAR_CONFIGURATION);
    expect(await log.configuration('year')).toMatchObject({ depth: 20, registers: { length: 43 } });
    expect(log.asked).toEqual([{ kind: 'get-logger-configuration', logger: 2 }]);
  });

  it('is not there where the meter is silent, but still tells its number', async () => {
    const log = new Log().says(undefined, serialNoReply(7));
    expect(await log.configuration('year')).toBeNull();
    expect(log.asked.map(({ kind }) => kind)).toEqual(['get-logger-configuration', 'get-serial-no']);
  });

  it('may be there where the meter is silent altogether', async () => {
    const error = await errorOf(new Log().says(undefined, undefined).configuration('year'));
    expect(hasCode(error, 'no-answer')).toBe(true);
  });

  it('is asked again where its answer came damaged, or belonged to another logger', async () => {
    const log = new Log().says(damaged(YEAR_CONFIGURATION), YEAR_CONFIGURATION);
    expect(await log.configuration('year')).toMatchObject({ depth: 20 });
    const other = encodeLoggerConfigurationReply({
      ...{ logger: 3, depth: 36, registers: [60], interval: 0, mostIntervalRecords: 0 },
      targetDates: [null, null],
    });
    expect(await new Log().says(fromMeter(other), serialNoReply(7)).configuration('year')).toBeNull();
  });

  it('of another dialect is not asked for', async () => {
    const log = new Log();
    expect(await log.configuration('interval')).toBeNull();
    expect(await errorOf(log.range('interval'))).toBeInstanceOf(RangeError);
    expect(log.asked).toEqual([]);
  });

  it('does not hide that the line went away', async () => {
    const log = new Log((_, channel) => channel.goAway(new Error('unplugged')));
    expect(messageOf(await errorOf(log.configuration('year')))).toBe('unplugged');
  });
});

describe('what a logger holds', () => {
  it('is found out with one request for its oldest row', async () => {
    const oldest = page({ asked: 'from-newest', ids: [186], registers: [1002], flags: ['oldest-included'] });
    const log = new Log().says(oldest);
    expect(await log.range('day')).toEqual({ oldest: 186, newest: 645 });
    expect(log.asked).toEqual([
      { kind: 'get-log-from-newest', logger: DAY, offset: 0xffff, count: 1, registers: [1002] },
    ]);
  });

  it('is nothing where the meter says so, although it sends a row of zeros', async () => {
    const log = new Log().says(EMPTY);
    expect(await log.range('minute-2')).toBeNull();
    expect(
      Buffer.from(log.channel.written[0] ?? [])
        .toString('hex')
        .toUpperCase(),
    ).toBe(OLDEST_OF_NOTHING);
  });

  it('is not guessed where there is no row and no reason', async () => {
    const error = await errorOf(new Log().says(page({ asked: 'from-newest', ids: [] })).range('day'));
    expect(messageOf(error)).toMatch(/day log without a row/);
  });
});

describe('rows', () => {
  it('come as captured from a real meter, newest first, with what the page settles', async () => {
    const { rows, covered, absent } = await new Log().says(DAYS).rows(150, 188, [348, 1002, 1003]);
    expect(rows.map(({ id }) => id)).toEqual([188, 187, 186]);
    expect(rows.map(({ records }) => records.map(({ id }) => id))).toEqual(Array(3).fill([1002, 1003, 348]));
    // The page holds the oldest row: there are none before it.
    expect(covered).toEqual({ from: 150, to: 188 });
    expect(absent).toEqual([]);
  });

  it("are settled as far as the meter's buffer goes", async () => {
    const log = new Log().says(page({ ids: down(645, 600), flags: ['truncated', 'newest-included'] }));
    expect((await log.rows(186, 645)).covered).toEqual({ from: 600, to: 645 });
    expect(log.asked).toMatchObject([{ kind: 'get-log-by-id', id: 645, registers: [60] }]);
  });

  it('are as many as are wanted, or as one reply carries without holding the line for long', async () => {
    const log = new Log().says(page({ ids: [7, 6] }), page({ ids: [645], registers: [60, 68, 348] }));
    await log.rows(6, 7);
    await log.rows(1, 645, [60, 68, 348]);
    expect(log.asked).toMatchObject([{ count: 2 }, { count: 85 }]);
  });

  it('come whole in a reply that is longer than any other', async () => {
    const log = new Log().says(page({ ids: down(645, 545) }));
    expect((await log.rows(1, 645)).rows).toHaveLength(101);
  });

  it('are settled where the meter says that there are none', async () => {
    for (const flag of ['out-of-range', 'empty'] as const) {
      const answer = await new Log().says(page({ ids: [], flags: [flag] })).rows(10, 20);
      expect(answer).toEqual({ rows: [], covered: { from: 10, to: 20 }, absent: [] });
    }
  });

  it('that are older than the wanted ones are left out', async () => {
    const answer = await new Log().says(page({ ids: [12, 11], flags: ['out-of-range'] })).rows(12, 20);
    expect(answer.rows.map(({ id }) => id)).toEqual([12]);
    expect(answer.covered).toEqual({ from: 12, to: 20 });
  });

  it('lack the registers that the logger does not have', async () => {
    const some = page({ ids: [7], registers: [68], flags: ['unsupported-register'] });
    expect((await new Log().says(some).rows(7, 7, [60, 68])).absent).toEqual([60]);
    const none = page({ ids: [7], registers: [], flags: ['unsupported-register'] });
    expect((await new Log().says(none).rows(7, 7, [60, 68])).absent).toEqual([60, 68]);
  });

  it('are asked for again where the meter could not send so many registers', async () => {
    const log = new Log().says(
      page({ ids: [9, 8, 7], registers: [60], flags: ['registers-truncated', 'oldest-included'] }),
      page({ ids: [9, 8], registers: [68], flags: ['truncated'] }),
    );
    const { rows, covered, absent } = await log.rows(7, 9, [60, 68]);
    expect(rows.map(({ id, records }) => [id, ...records.map((record) => record.id)])).toEqual([
      [9, 60, 68],
      [8, 60, 68],
    ]);
    expect([covered, absent]).toEqual([{ from: 8, to: 9 }, []]);
    expect(log.asked).toMatchObject([{ registers: [60, 68] }, { id: 9, count: 3, registers: [68] }]);
    const nothing = page({ ids: [9], registers: [], flags: ['registers-truncated'] });
    expect(messageOf(await errorOf(new Log().says(nothing).rows(9, 9)))).toMatch(/without a row/);
  });

  it('end where their formats change, even with the oldest one in sight', async () => {
    const log = new Log().says(page({ ids: [9, 8], flags: ['format-changed', 'oldest-included'] }));
    const { rows, covered } = await log.rows(1, 9);
    expect([rows.map(({ id }) => id), covered]).toEqual([[9], { from: 9, to: 9 }]);
  });

  it.each([
    ['memory-error', /memory of its day log is faulty/],
    ['internal-error', /could not read its own day log/],
    ['invalid-request', /refuses the request for its day log/],
  ] as const)('are an error in words where the meter reports %s', async (flag, words) => {
    const error = await errorOf(new Log().says(page({ ids: [], flags: [flag] })).rows(10, 20));
    expect(hasCode(error, 'failed')).toBe(true);
    expect(messageOf(error)).toMatch(words);
  });

  it('are an error where there are none for no reason', async () => {
    expect(messageOf(await errorOf(new Log().says(page({ ids: [] })).rows(10, 20)))).toMatch(/without a row/);
  });

  it.each([
    ['the page of an earlier request for newer rows', page({ ids: [30, 29] })],
    ['the page of an earlier request for older rows', page({ ids: [10, 9] })],
    ['another logger', page({ logger: 5, ids: [20, 19] })],
    ['another kind of request', page({ asked: 'from-newest', ids: [20, 19] })],
    ['more rows than were asked for', page({ ids: down(20, 9) })],
    ['a register that was not asked for', page({ ids: [20], registers: [60, 68] })],
    ['a register twice', page({ ids: [20], registers: [60, 60] })],
    ['no register, and no reason', page({ ids: [20], registers: [] })],
    ['a newer row than the newest', page({ ids: [20], newestId: 19 })],
    ['rows of another log', YEARS],
    ['a damaged page', damaged(wireBytes(page({ ids: [20, 19] })))],
  ])('are not taken from %s', async (_, reply) => {
    const log = new Log().says(reply, page({ ids: [20, 19] }));
    expect((await log.rows(10, 20)).rows.map(({ id }) => id)).toEqual([20, 19]);
    expect(log.asked).toHaveLength(2);
  });
});
