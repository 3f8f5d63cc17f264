import { describe, expect, it, test } from 'vitest';
import { ELECTRICITY_REGISTER_IDS, HEAT_REGISTER_IDS } from '../../src/catalogue/registers.ts';
import type { ExtraRegisters } from '../../src/meter/config.ts';
import {
  detailRegisters,
  detailRequests,
  isFullyKnown,
  mainRegisters,
  type RegisterKnowledge,
  scheduledRequests,
} from '../../src/meter/register-plan.ts';

describe('extra registers', () => {
  const MAIN = [60, 68, 74, 80, 86, 87, 89, 99];
  const NEITHER: ExtraRegisters = { fineEnergy: false, meanTemperatures: false };
  const BOTH: ExtraRegisters = { fineEnergy: true, meanTemperatures: true };

  function knowing(present: readonly number[], absent: readonly number[] = []): RegisterKnowledge {
    return { present: new Set(present), absent: new Set(absent) };
  }

  /** Which request a register is in. */
  const requestOf = (ids: readonly number[], id: number): number => Math.floor(ids.indexOf(id) / 8);
  const sorted = (ids: readonly number[]): number[] => [...ids].sort((a, b) => a - b);

  describe('the detail of an unknown meter', () => {
    const all = detailRegisters(knowing([]), MAIN);
    const ordered = detailRequests(all, knowing([]));

    it('begins with energy and volume and all that makes them finer or gives means', () => {
      expect(ordered.slice(0, 8)).toEqual([60, 266, 155, 68, 239, 223, 97, 110]);
      expect(ordered.slice(8, 10)).toEqual([63, 267]);
    });

    it('ends with the clock', () => {
      expect(ordered.slice(-3)).toEqual([1003, 1002, 348]);
    });

    it('is otherwise what it was', () => {
      expect(sorted(ordered)).toEqual(sorted([60, 68, ...all]));
    });
  });

  describe('the detail of a known meter', () => {
    it.each(
      Array.from({ length: 20 }, (_, more) => more),
    )('with %i registers more keeps date and time of day in one request, and cooling', (more) => {
      const others = Array.from({ length: more }, (_, index) => 2000 + index);
      const detail = [63, 97, 110, ...others, 239, 266, 267, 1002, 1003];
      const ordered = detailRequests(detail, knowing([...MAIN, ...detail]));
      expect(requestOf(ordered, 1003)).toBe(requestOf(ordered, 1002));
      if (more >= 2) expect(requestOf(ordered, 63)).toBe(requestOf(ordered, 267));
      for (const id of [266, 68, 239, 97, 110]) expect(requestOf(ordered, id)).toBe(0);
      expect(sorted(ordered)).toEqual(sorted([60, 68, ...detail]));
    });

    it('asks for no total again that has no companion, or that the meter does not have', () => {
      expect(detailRequests([1, 2, 1004], knowing([]))).toEqual([1, 2, 1004]);
      expect(detailRequests([239, 1004], knowing([], [60]))).toEqual([68, 239, 1004]);
      expect(detailRequests([266, 1004], knowing([], [60]))).toEqual([266, 1004]);
    });
  });

  describe('a scheduled reading', () => {
    const has = knowing([...MAIN, 266, 155, 239, 97, 110, 267]);

    it('is as it was, unless something more is wanted', () => {
      expect(scheduledRequests(MAIN, NEITHER, has)).toEqual(MAIN);
    });

    it('has what is wanted in the request of the totals, and nothing that the meter does not have', () => {
      const fine = { fineEnergy: true, meanTemperatures: false };
      expect(scheduledRequests(MAIN, fine, has)).toEqual([60, 266, 68, 239, 74, 80, 86, 87, 89, 99]);
      expect(scheduledRequests(MAIN, BOTH, has).slice(0, 6)).toEqual([60, 266, 68, 239, 97, 110]);
      const means = { fineEnergy: false, meanTemperatures: true };
      expect(scheduledRequests(MAIN, means, has).slice(0, 3)).toEqual([68, 97, 110]);
      expect(scheduledRequests(MAIN, fine, knowing([155, 223])).slice(0, 4)).toEqual([60, 155, 68, 223]);
      const without = knowing(MAIN, [266, 155, 239, 223, 97]);
      expect(scheduledRequests(MAIN, BOTH, without)).toEqual(MAIN);
    });

    it('tries one register after the other where it is not known what the meter has', () => {
      const fine = { fineEnergy: true, meanTemperatures: false };
      expect(scheduledRequests(MAIN, fine, knowing([])).slice(0, 4)).toEqual([60, 266, 68, 239]);
      expect(scheduledRequests(MAIN, fine, knowing([], [266])).slice(0, 2)).toEqual([60, 155]);
    });

    it('are left out where nothing comes of them, and another one is tried', () => {
      const fine = { fineEnergy: true, meanTemperatures: false };
      const without = (...useless: number[]) => ({ ...knowing([266, 239]), useless: new Set(useless) });
      expect(scheduledRequests(MAIN, fine, without(266)).slice(0, 3)).toEqual([60, 155, 68]);
      expect(scheduledRequests(MAIN, fine, without(266, 155, 239, 223))).toEqual(MAIN);
      expect(detailRequests([266, 155], without(266))).toEqual([60, 266, 155]);
    });

    it('is refined only where the total is read, cooling too', () => {
      expect(scheduledRequests([63, 74], BOTH, has)).toEqual([63, 267, 74]);
      expect(scheduledRequests([74, 80], BOTH, has)).toEqual([74, 80]);
    });
  });
});

describe('register plan', () => {
  const THE_EIGHT = [60, 68, 74, 80, 86, 87, 89, 99];

  function knowing(present: readonly number[], absent: readonly number[] = []): RegisterKnowledge {
    return { present: new Set(present), absent: new Set(absent) };
  }

  describe('the registers of one request', () => {
    test('of an unknown meter are the eight that matter', () => {
      expect(mainRegisters(knowing([]))).toEqual(THE_EIGHT);
    });

    test('of a meter that has them all stay eight, whatever else it has', () => {
      expect(mainRegisters(knowing([...THE_EIGHT, 63, 1004]))).toEqual(THE_EIGHT);
    });

    test('of a meter with other numbers for the temperatures and the info code are those', () => {
      const knowledge = knowing([60, 68, 74, 80], [86, 87, 89, 99]);
      expect(mainRegisters(knowledge)).toEqual([60, 68, 74, 80, 398, 399, 400, 369]);
    });

    test('do not hold an equivalent that is missing as well', () => {
      expect(mainRegisters(knowing([60, 68, 74, 80, 86], [87, 89, 99, 399, 400, 369]))).toEqual([
        60, 68, 74, 80, 86,
      ]);
    });

    test('are filled up to eight with cooling, water and hours that the meter is known to have', () => {
      const knowledge = knowing([68, 74, 63, 1004, 243], [60, 80, 86, 87, 89, 398, 399, 400]);
      expect(mainRegisters(knowledge)).toEqual([68, 74, 99, 63, 243, 1004]);
    });

    test('are never more than eight, even where there is much to fill in', () => {
      const knowledge = knowing([60, 68, 74, 80, 86, 87, 89, 63, 292, 299, 243, 1004], [99, 369]);
      expect(mainRegisters(knowledge)).toEqual([60, 68, 74, 80, 86, 87, 89, 63]);
    });

    test('of an electricity meter are its energies and powers', () => {
      const knowledge = knowing([1, 2, 1023, 1024], [...THE_EIGHT, 398, 399, 400, 369]);
      expect(mainRegisters(knowledge)).toEqual([1, 2, 1023, 1024]);
    });
  });

  describe('the other registers', () => {
    test('are all that a heat meter may have, each once and none of the main ones', () => {
      const others = detailRegisters(knowing([]), THE_EIGHT);
      expect(others).toEqual(HEAT_REGISTER_IDS.filter((id) => !THE_EIGHT.includes(id)));
      expect(new Set(others).size).toBe(others.length);
    });

    test('leave out what the meter left out', () => {
      expect(detailRegisters(knowing([], [63, 1004]), THE_EIGHT)).not.toContain(63);
      expect(detailRegisters(knowing([], [63, 1004]), THE_EIGHT)).toContain(1001);
    });

    test('of a cooling or water meter, which has a volume, are those of heat meters', () => {
      expect(detailRegisters(knowing([68], [60]), [])).toContain(63);
    });

    test('of a meter with neither heat nor volume are those of electricity meters', () => {
      const others = detailRegisters(knowing([], [60, 68]), []);
      expect(others).toEqual(ELECTRICITY_REGISTER_IDS);
    });
  });

  describe('a meter is fully known', () => {
    test('not before it was asked for everything', () => {
      const allButOne = detailRegisters(knowing([]), THE_EIGHT).slice(1);
      expect(isFullyKnown(knowing([]), THE_EIGHT)).toBe(false);
      expect(isFullyKnown(knowing(allButOne), THE_EIGHT)).toBe(false);
    });

    test('when each register was answered or left out', () => {
      const [first = 0, ...rest] = detailRegisters(knowing([]), THE_EIGHT);
      expect(isFullyKnown(knowing(rest, [first]), THE_EIGHT)).toBe(true);
    });
  });
});
