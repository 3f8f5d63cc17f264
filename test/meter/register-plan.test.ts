import { describe, expect, test } from 'vitest';
import { ELECTRICITY_REGISTER_IDS, HEAT_REGISTER_IDS } from '../../src/kmp/registers/register-table.ts';
import {
  detailRegisters,
  isFullyKnown,
  mainRegisters,
  type RegisterKnowledge,
} from '../../src/meter/register-plan.ts';

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
