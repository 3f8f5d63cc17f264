import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../support/fake-clock.ts';
import { canMount, smallDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openedSpool, take, textsIn } from './support/opened-spool.ts';

const segments = (folder: string): readonly string[] =>
  readdirSync(folder).filter((name) => name.endsWith('.log'));

describe('what waits on disk', () => {
  it('comes out in the order in which it went in', async () => {
    const { spool } = await openedSpool(temporaryFolder());
    for (const text of ['one', 'two\nlines "quoted"', 'three']) spool.put(text);
    expect(await textsIn(spool)).toEqual(['one', 'two\nlines "quoted"', 'three']);
    expect(await take(spool, 2)).toEqual(['one', 'two\nlines "quoted"']);
    expect(await textsIn(spool)).toEqual(['three']);
    expect(spool.waiting).toBe(1);
    expect(await take(spool, 9)).toEqual(['three']);
    expect([await textsIn(spool), spool.waiting]).toEqual([[], 0]);
  });

  it('is there after a restart, neither less nor twice', async () => {
    const folder = temporaryFolder();
    const first = await openedSpool(folder);
    for (const text of ['one', 'two', 'three']) first.spool.put(text);
    await take(first.spool, 1);
    await first.spool.close();
    const second = await openedSpool(folder);
    expect(second.spool.waiting).toBe(2);
    second.spool.put('four');
    expect(await textsIn(second.spool)).toEqual(['two', 'three', 'four']);
  });

  it('is there after a kill, without the line that was being written', async () => {
    const folder = temporaryFolder();
    const killed = await openedSpool(folder);
    killed.spool.put('one');
    await textsIn(killed.spool);
    appendFileSync(join(folder, '000000000001.log'), '[1768469400000,"tw');
    const { spool } = await openedSpool(folder);
    spool.put('three');
    expect(await textsIn(spool)).toEqual(['one', 'three']);
    expect(readFileSync(join(folder, '000000000001.log'), 'utf8')).not.toContain('tw');
  });

  it('goes on behind a line that the disk has damaged', async () => {
    const folder = temporaryFolder();
    const { clock, spool: written } = await openedSpool(folder);
    written.put('one');
    await written.close();
    appendFileSync(join(folder, '000000000001.log'), `{"no":"list"}\n[${clock.now()},"two"]\nx\u0000\n`);
    const { spool } = await openedSpool(folder);
    expect(spool.waiting).toBe(4);
    expect(await take(spool, 9)).toEqual(['one']);
    expect(await take(spool, 9)).toEqual(['two']);
    expect(await take(spool, 9)).toEqual([]);
    expect([spool.waiting, spool.lost]).toEqual([0, 2]);
  });

  describe('with a cursor', () => {
    const FIRST = '000000000001.log';
    const cursorOf = (folder: string): string => readFileSync(join(folder, 'cursor.json'), 'utf8');

    /** A folder in which `one` was taken, and `two` and `three` wait. */
    async function waitingIn(folder: string): Promise<string> {
      const { spool } = await openedSpool(folder);
      for (const text of ['one', 'two', 'three']) spool.put(text);
      await take(spool, 1);
      await spool.close();
      return folder;
    }

    const DAMAGED: readonly (readonly [how: string, change: (cursor: string) => string])[] = [
      ['empty', () => ''],
      ['no JSON', () => '{"segment":1,'],
      ['none', () => '{"segment":-1,"offset":"x"}'],
      ['of a segment far ahead', (cursor) => cursor.replace('"segment":1', '"segment":9')],
      ['behind the next text', (cursor) => cursor.replace(/"offset":\d+/, `"offset":${PAST_TWO}`)],
      ['in the middle of a text', (cursor) => cursor.replace(/"offset":\d+/, '"offset":3')],
      ['an old one, in the middle of a text', () => '{"segment":1,"offset":3}'],
      ['an old one, of a segment that is not there', () => '{"segment":9,"offset":0}'],
      ['an old one, behind the end', () => '{"segment":1,"offset":7000}'],
    ];
    const PAST_TWO = 2 * '[1768469400000,"one",0]\n'.length;

    it.each(DAMAGED)('that is damaged (%s) loses nothing, and says so once', async (_, change) => {
      const folder = await waitingIn(temporaryFolder());
      const changed = change(cursorOf(folder));
      expect(changed).not.toBe(cursorOf(folder));
      writeFileSync(join(folder, 'cursor.json'), changed);
      const { spool, logger } = await openedSpool(folder);
      spool.put('four');
      expect(await textsIn(spool)).toEqual(['one', 'two', 'three', 'four']);
      expect(logger.said('warn')).toEqual([
        `InfluxDB: ${join(folder, 'cursor.json')} is damaged. All points that are still on the disk are sent, some of them perhaps again.`,
      ]);
      await spool.close();
      const again = await openedSpool(folder);
      expect(again.spool.waiting).toBe(4);
      expect(again.logger.lines).toEqual([]);
    });

    it('that is lost begins anew', async () => {
      const folder = await waitingIn(temporaryFolder());
      rmSync(join(folder, 'cursor.json'));
      const { spool, logger } = await openedSpool(folder);
      expect(await textsIn(spool)).toEqual(['one', 'two', 'three']);
      expect(logger.lines).toEqual([]);
    });

    it('of an earlier version, without a check, goes on', async () => {
      const folder = await waitingIn(temporaryFolder());
      const { check, ...earlier } = JSON.parse(cursorOf(folder));
      expect(check).toMatch(/^[0-9a-f]{8}$/);
      writeFileSync(join(folder, 'cursor.json'), JSON.stringify(earlier));
      const { spool, logger } = await openedSpool(folder);
      expect(await textsIn(spool)).toEqual(['two', 'three']);
      expect(logger.lines).toEqual([]);
    });

    it('behind the end of what is there loses nothing that comes afterwards, also where we are killed', async () => {
      const folder = temporaryFolder();
      const { spool } = await openedSpool(folder);
      for (const text of ['one', 'two', 'three']) spool.put(text);
      await take(spool, 3);
      truncateSync(join(folder, FIRST), 0);
      const killed = await openedSpool(folder);
      killed.spool.put('four');
      await textsIn(killed.spool);
      expect(await textsIn((await openedSpool(folder)).spool)).toEqual(['four']);
    });

    it('of files that somebody has removed goes on with those that are there', async () => {
      const folder = await waitingIn(temporaryFolder());
      rmSync(join(folder, FIRST));
      const { spool, logger } = await openedSpool(folder);
      spool.put('four');
      expect(await textsIn(spool)).toEqual(['four']);
      expect(logger.lines).toEqual([]);
    });
  });

  it('gives up the oldest where it becomes too much, and says so once', async () => {
    const folder = temporaryFolder();
    const { spool, logger } = await openedSpool(folder, { maxBytes: 16_000 });
    for (let number = 0; number < 400; number++) {
      spool.put(`${number} ${'x'.repeat(80)}`);
      await spool.peek(1, 1_000);
    }
    const size = segments(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    expect(size).toBeLessThanOrEqual(16_000);
    const left: string[] = [];
    for (;;) {
      const some = await take(spool, 50);
      if (some.length === 0) break;
      left.push(...some.map((text) => text.split(' ')[0] ?? ''));
    }
    expect(left.length).toBeGreaterThan(100);
    expect(left).toEqual(
      Array.from({ length: left.length }, (_, index) => String(400 - left.length + index)),
    );
    expect(spool.lost).toBe(400 - left.length);
    expect(logger.said('warn')).toEqual([
      'InfluxDB: points that wait are given up, the oldest first, because they take more than 0.016 MB (waiting.maxMegabytes)',
    ]);
  });

  describe('grows old', () => {
    const HOUR = 3_600_000;
    const YEAR = 365 * 24 * HOUR;
    const DAY = { maxAge: 24 * HOUR };

    it('while the bridge runs, and is given up then', async () => {
      const { spool, clock } = await openedSpool(temporaryFolder(), DAY);
      spool.put('old');
      await textsIn(spool);
      await clock.advance(25 * HOUR);
      spool.put('new');
      expect(await textsIn(spool)).toEqual(['new']);
      expect([spool.waiting, spool.lost]).toEqual([1, 1]);
    });

    it('over restarts', async () => {
      const folder = temporaryFolder();
      const left: (readonly string[])[] = [];
      for (const run of ['first', 'second', 'third', 'fourth']) {
        const { spool, clock } = await openedSpool(folder, DAY);
        await clock.advance(11 * HOUR);
        spool.put(run);
        left.push(await textsIn(spool));
        await spool.close();
      }
      expect(left.at(-2)).toEqual(['first', 'second', 'third']);
      expect(left.at(-1)).toEqual(['second', 'third', 'fourth']);
    });

    it.each([1, -1])('by no clock that jumps by %i year and back', async (years) => {
      const { spool, clock, logger } = await openedSpool(temporaryFolder(), DAY);
      const right = clock.now();
      spool.put('before');
      await textsIn(spool);
      clock.setWallClock(right + years * YEAR);
      spool.put('meanwhile');
      expect(await textsIn(spool)).toEqual(['before', 'meanwhile']);
      clock.setWallClock(right + HOUR);
      spool.put('after');
      expect(await textsIn(spool)).toEqual(['before', 'meanwhile', 'after']);
      expect(spool.lost).toBe(0);
      expect(logger.lines).toEqual([]);
    });

    it.each([
      ['was off for two years', 2 * YEAR],
      ['begins in 1970', -Date.UTC(2026, 0, 15)],
    ])('not while the computer %s', async (_, later) => {
      const folder = temporaryFolder();
      const first = await openedSpool(folder, DAY);
      first.spool.put('before');
      await first.spool.close();
      const clock = new FakeClock(first.clock.now() + later);
      const { spool } = await openedSpool(folder, { ...DAY, clock });
      spool.put('after');
      expect(await textsIn(spool)).toEqual(['before', 'after']);
    });

    it('from the first start of this version on, where an earlier one has written it', async () => {
      const folder = temporaryFolder();
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, '000000000001.log'), '[1500000000000,"of 2017"]\n');
      const { spool, clock } = await openedSpool(folder, DAY);
      expect(await textsIn(spool)).toEqual(['of 2017']);
      await clock.advance(25 * HOUR);
      expect(await textsIn(spool)).toEqual([]);
      expect(spool.lost).toBe(1);
    });
  });

  it('leaves little of what was taken', async () => {
    const folder = temporaryFolder();
    const { spool } = await openedSpool(folder);
    const longest = 'x'.repeat(30_000);
    for (let number = 0; number < 10; number++) {
      spool.put(`${number}${longest}`);
      expect(await take(spool, 1)).toEqual([`${number}${longest}`]);
      const size = segments(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
      expect(size).toBeLessThan(100_000);
    }
    spool.put('last');
    await spool.close();
    const again = await openedSpool(folder);
    expect(await textsIn(again.spool)).toEqual(['last']);
  });

  it('keeps count of what is given up while it is being taken', async () => {
    const { spool } = await openedSpool(temporaryFolder(), { maxBytes: 16_000 });
    const put = (from: number, to: number): void => {
      for (let number = from; number < to; number++) spool.put(`${number} ${'x'.repeat(80)}`);
    };
    put(0, 10);
    const taken = await spool.peek(10, 10_000);
    for (let number = 10; number < 300; number += 10) {
      put(number, number + 10);
      await spool.peek(1, 100);
    }
    expect(spool.lost).toBeGreaterThan(10);
    const before = spool.waiting;
    await spool.drop(taken);
    expect(spool.waiting).toBe(before);
    let left = 0;
    for (let some = await take(spool, 50); some.length > 0; some = await take(spool, 50)) left += some.length;
    expect([left, spool.waiting]).toEqual([before, 0]);
  });

  it.skipIf(!canMount())(
    'has each text once after the disk became full in the middle of several',
    async () => {
      const folder = smallDisk(200);
      const { spool, clock } = await openedSpool(join(folder, 'waiting'));
      const texts = Array.from({ length: 40 }, (_, number) => `${number} ${'x'.repeat(1_000)}`);
      spool.put(texts[0] ?? '');
      await textsIn(spool);
      const filler = join(folder, 'filler');
      expect(() => writeFileSync(filler, Buffer.alloc(400_000))).toThrow('ENOSPC');
      // Room for some of them.
      truncateSync(filler, 180_000);
      for (const text of texts.slice(1)) spool.put(text);
      await textsIn(spool);
      expect(spool.problem).toMatch(/no space left/);
      rmSync(filler);
      await clock.advance(30_000);
      expect(await textsIn(spool)).toEqual(texts);
      await spool.close();
      const again = await openedSpool(join(folder, 'waiting'));
      expect(await textsIn(again.spool)).toEqual(texts);
    },
  );

  it.each(['the folder', 'the segment'])('goes on where somebody removes %s', async (what) => {
    const folder = join(temporaryFolder(), 'waiting');
    const { spool } = await openedSpool(folder);
    spool.put('one');
    await textsIn(spool);
    rmSync(what === 'the folder' ? folder : join(folder, '000000000001.log'), { recursive: true });
    expect(await textsIn(spool)).toEqual([]);
    spool.put('two');
    expect(await textsIn(spool)).toEqual(['two']);
    await spool.close();
    const again = await openedSpool(folder);
    expect(await textsIn(again.spool)).toEqual(['two']);
  });

  it('says what is lost when it ends while the disk takes nothing', async () => {
    const folder = join(temporaryFolder(), 'waiting');
    writeFileSync(folder, '');
    const { spool, logger } = await openedSpool(folder);
    spool.put('one');
    await spool.close();
    expect(logger.said('error').at(-1)).toBe(
      'InfluxDB: 1 points are lost, because the disk did not take them',
    );
  });

  it('waits in memory while the disk takes nothing, and is written later', async () => {
    const folder = join(temporaryFolder(), 'waiting');
    writeFileSync(folder, 'a file where a folder should be');
    const { spool, clock, logger } = await openedSpool(folder);
    spool.put('one');
    spool.put('two');
    expect(await textsIn(spool)).toEqual(['one', 'two']);
    expect(await take(spool, 1)).toEqual(['one']);
    expect(spool.problem).toMatch(/^Cannot write below .*Is the disk full, or dataDir not ours\?/);
    expect(logger.said('error')).toHaveLength(1);
    rmSync(folder);
    await clock.advance(30_000);
    await textsIn(spool);
    expect(spool.problem).toBeNull();
    expect(logger.said('info')).toEqual([
      expect.stringMatching(/^InfluxDB: the disk takes what waits again\. The trouble lasted 30 s/),
    ]);
    await spool.close();
    const again = await openedSpool(folder);
    expect(await textsIn(again.spool)).toEqual(['two']);
  });

  it('hands over in order what is partly on disk and partly not', async () => {
    const folder = join(temporaryFolder(), 'waiting');
    const { spool } = await openedSpool(folder);
    spool.put('one');
    await textsIn(spool);
    spool.put('two');
    const found = await spool.peek(9, 9_999);
    spool.put('three');
    await spool.drop(found);
    expect([...found.map(({ text }) => text), ...(await textsIn(spool))]).toEqual(['one', 'two', 'three']);
  });

  it('does not grow in memory without end', async () => {
    const folder = join(temporaryFolder(), 'waiting');
    writeFileSync(folder, '');
    const { spool } = await openedSpool(folder);
    for (let number = 0; number < 10_005; number++) spool.put(String(number));
    expect([spool.waiting, spool.lost]).toEqual([10_000, 5]);
    expect((await textsIn(spool))[0]).toBe('5');
  });

  it('leaves no timer behind', async () => {
    const folder = join(temporaryFolder(), 'waiting');
    writeFileSync(folder, '');
    const { spool, clock } = await openedSpool(folder);
    spool.put('one');
    await spool.close();
    expect(clock.pendingTimers).toBe(0);
  });

  it('is always what was put in and not taken, whatever the order and however often it restarts', async () => {
    const step = fc.oneof(
      fc.record({ put: fc.integer({ min: 1, max: 200 }) }),
      fc.record({ take: fc.integer({ min: 1, max: 5 }) }),
      fc.constant({ restart: true as const }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const folder = join(temporaryFolder(), 'x');
        mkdirSync(folder);
        let { spool } = await openedSpool(folder, { maxBytes: 20_000 });
        let model: string[] = [];
        for (const [index, each] of steps.entries()) {
          if ('put' in each) {
            const text = `${index}${'y'.repeat(each.put)}`;
            spool.put(text);
            model.push(text);
          } else if ('take' in each) {
            const taken = await take(spool, each.take);
            expect(taken).toEqual(model.slice(0, taken.length));
            expect(taken.length > 0 || model.length === 0).toBe(true);
            model = model.slice(taken.length);
          } else {
            await spool.close();
            ({ spool } = await openedSpool(folder, { maxBytes: 20_000 }));
          }
          expect(spool.waiting).toBe(model.length);
        }
        expect(spool.lost).toBe(0);
      }),
      { numRuns: 25 },
    );
  });
});
