import { describe, expect, it } from 'vitest';
import { wireBytes } from '../../src/kmp/bytes.ts';
import { decodeFrame, type Frame } from '../../src/kmp/frame.ts';
import {
  encodeIntervalLogReply,
  type IntervalLogFlag,
  type IntervalLogPage,
} from '../../src/kmp/interval-log.ts';
import { decodeMessage } from '../../src/kmp/messages.ts';
import { numberRecord } from '../../src/kmp/register.ts';
import { type LogAccess, logAccess } from '../../src/link/log-access.ts';
import type { LogRows } from '../../src/link/log-answer.ts';
import { hasCode, messageOf } from '../../src/shared/errors.ts';
import { fromMeter, serialNoReply } from './support/frames.ts';
import { errorOf, LentSession } from './support/lent-session.ts';

const TOP_MODULE = 0x7f;
const BASE_MODULE = 0xbf;

interface Sent extends Partial<Omit<IntervalLogPage, 'rows' | 'flags'>> {
  readonly ids: readonly number[];
  readonly registers?: readonly number[];
  readonly flags?: readonly IntervalLogFlag[];
}

function page({ ids, registers = [60], flags = [], ...more }: Sent, destination = TOP_MODULE): Uint8Array {
  const rows = ids.map((id) => ({
    id,
    records: registers.map((register) => numberRecord(register, 2, BigInt(id), 0, 4)),
  }));
  const rest = { command: 'from-id', log: 1, lastId: ids.at(-1) ?? 0, newestId: 90, ...more } as const;
  return fromMeter(encodeIntervalLogReply({ ...rest, rows, flags: new Set(flags) }), destination);
}

const OLDEST: Sent = { command: 'from-time', ids: [5], registers: [1003] };

class Log extends LentSession {
  readonly access: LogAccess = logAccess('interval-log', this.addressee);

  /** The meter says these in turn; undefined is silence. */
  says(...replies: readonly (Uint8Array | undefined)[]): this {
    for (const reply of replies)
      this.channel.reactions.push(reply === undefined ? () => {} : this.atLineSpeed(reply));
    return this;
  }

  configuration() {
    return this.clock.runUntil(this.access.configuration(this.session, 'interval'));
  }

  range() {
    return this.clock.runUntil(this.access.range(this.session, 'interval'));
  }

  rows(from: number, to: number, registers: readonly number[] = [60]): Promise<LogRows> {
    return this.clock.runUntil(this.access.rows(this.session, { logger: 'interval', from, to, registers }));
  }

  get frames(): readonly Frame[] {
    return this.channel.written.map((bytes) => {
      const decoded = decodeFrame(wireBytes(bytes));
      if (!decoded.ok) throw new Error(decoded.fault);
      return decoded.frame;
    });
  }

  get addresses(): readonly number[] {
    return this.frames.map(({ destination }) => destination);
  }
}

/** The module has been found. */
async function known(): Promise<Log> {
  const log = new Log().says(page(OLDEST));
  await log.configuration();
  log.channel.written.length = 0;
  return log;
}

describe('the log of a module', () => {
  it('is asked for at the address of a top module, then of a base module', async () => {
    const top = new Log().says(page(OLDEST));
    expect(await top.configuration()).toEqual({ depth: null, registers: null });
    expect(top.addresses).toEqual([TOP_MODULE]);
    const base = new Log().says(undefined, page(OLDEST, BASE_MODULE), page(OLDEST, BASE_MODULE));
    await base.configuration();
    await base.range();
    expect(base.addresses).toEqual([TOP_MODULE, BASE_MODULE, BASE_MODULE]);
  });

  it('is not there where both are silent and the meter is not', async () => {
    const log = new Log().says(undefined, undefined, serialNoReply(7));
    expect(await log.configuration()).toBeNull();
    expect(log.addresses).toEqual([TOP_MODULE, BASE_MODULE, 0x3f]);
    const again = new Log().says(undefined, undefined, serialNoReply(7));
    expect(messageOf(await errorOf(again.range()))).toMatch(/no logger module/);
    const silent = await errorOf(new Log().says(undefined, undefined, undefined).configuration());
    expect(hasCode(silent, 'no-answer')).toBe(true);
  });

  it('is the only one', async () => {
    const log = new Log();
    expect(await log.clock.runUntil(log.access.configuration(log.session, 'day'))).toBeNull();
    expect(log.addresses).toEqual([]);
  });

  it('tells its oldest and newest row with one request', async () => {
    const log = await known();
    expect(await log.says(page(OLDEST)).range()).toEqual({ oldest: 5, newest: 90 });
    const [request] = log.frames.map(decodeMessage);
    expect(request).toMatchObject({ command: 'from-time', time: { year: 2000, month: 1, day: 1 }, rows: 1 });
  });

  it('is read from 0 where its numbers have begun anew', async () => {
    const log = (await known()).says(page({ ...OLDEST, ids: [65_000] }));
    expect(await log.range()).toEqual({ oldest: 0, newest: 90 });
  });

  it('may be empty; without a row and a reason it is an error', async () => {
    const log = await known();
    expect(await log.says(page({ ...OLDEST, ids: [0], flags: ['empty'] })).range()).toBeNull();
    const error = await errorOf(log.says(page({ ...OLDEST, ids: [] })).range());
    expect(messageOf(error)).toMatch(/way that is not known/);
  });
});

describe('its rows', () => {
  it('come oldest first, as many as the maker lets one reply hold', async () => {
    const log = (await known()).says(page({ ids: [5, 6, 8], flags: ['length-reached'] }));
    const { rows, covered, absent } = await log.rows(5, 90);
    expect(rows.map(({ id }) => id)).toEqual([5, 6, 8]);
    expect([covered, absent]).toEqual([{ from: 5, to: 8 }, []]);
    expect(log.frames.map(decodeMessage)).toMatchObject([
      { command: 'from-id', id: 5, rows: 19, longest: 128, registers: [60] },
    ]);
  });

  it('are settled to the end of the log, and up to a row beyond the wanted ones', async () => {
    const log = (await known()).says(
      page({ ids: [88, 90], flags: ['end-of-log'] }),
      page({ ids: [5, 9] }),
      page({ ids: [], flags: ['out-of-range'] }),
    );
    expect((await log.rows(88, 95)).covered).toEqual({ from: 88, to: 95 });
    const beyond = await log.rows(5, 7);
    expect([beyond.rows.map(({ id }) => id), beyond.covered]).toEqual([[5], { from: 5, to: 7 }]);
    expect(await log.rows(96, 99)).toEqual({ rows: [], covered: { from: 96, to: 99 }, absent: [] });
  });

  it('lack the registers that it does not have', async () => {
    const log = (await known()).says(page({ ids: [5], registers: [68] }));
    expect((await log.rows(5, 5, [60, 68])).absent).toEqual([60]);
  });

  it('that begin later than asked are believed when they come again', async () => {
    const log = (await known()).says(page({ ids: [7, 8] }), page({ ids: [7, 8] }));
    expect(await log.rows(5, 90)).toMatchObject({
      rows: [{ id: 7 }, { id: 8 }],
      covered: { from: 5, to: 8 },
    });
    expect(log.frames).toHaveLength(2);
    log.says(page({ ids: [30, 31] }), page({ ids: [9, 10] }));
    expect((await log.rows(9, 90)).covered).toEqual({ from: 9, to: 10 });
    log.says(page({ ids: [30, 31] }), page({ ids: [40, 41] }));
    expect(messageOf(await errorOf(log.rows(11, 90)))).toMatch(/way that is not known/);
  });

  it('are an error where there are none for no reason', async () => {
    const log = (await known()).says(page({ ids: [] }));
    expect(messageOf(await errorOf(log.rows(5, 90)))).toMatch(/way that is not known/);
  });

  it.each([
    ['another log', page({ log: 2, ids: [20, 21] })],
    ['another command', page({ command: 'from-time', ids: [20, 21] })],
    ['earlier rows', page({ ids: [10, 21] })],
    ['rows that do not ascend', page({ ids: [20, 20] })],
    ['more rows than were asked for', page({ ids: [20, 21, 22] })],
    ['another last row than it names', page({ ids: [20, 21], lastId: 22 })],
    ['a register that was not asked for', page({ ids: [20], registers: [68] })],
    ['a row of the meter itself', page({ ids: [20, 21] }, 0x3f)],
  ])('are not taken from %s', async (_, reply) => {
    const log = (await known()).says(reply, page({ ids: [20] }));
    expect((await log.rows(20, 21)).rows.map(({ id }) => id)).toEqual([20]);
    expect(log.frames).toHaveLength(2);
  });
});
