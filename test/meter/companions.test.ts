import { describe, expect, it } from 'vitest';
import { type Companions, detailRequests, scheduledRequests } from '../../src/meter/companions.ts';
import { detailRegisters, type RegisterKnowledge } from '../../src/meter/register-plan.ts';

const MAIN = [60, 68, 74, 80, 86, 87, 89, 99];
const NEITHER: Companions = { fineEnergy: false, meanTemperatures: false };
const BOTH: Companions = { fineEnergy: true, meanTemperatures: true };

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

  it('is refined only where the total is read, cooling too', () => {
    expect(scheduledRequests([63, 74], BOTH, has)).toEqual([63, 267, 74]);
    expect(scheduledRequests([74, 80], BOTH, has)).toEqual([74, 80]);
  });
});
