import { describe, expect, it } from 'vitest';
import { Interpretation, type StageMaker } from '../../src/readings/interpretation.ts';
import { UNKNOWN_TRAITS } from '../../src/readings/meter-traits.ts';
import { energy } from './readings.ts';

/** Adds the number of its calls, from earlier runs on, to every label. */
const counting: StageMaker = (remembered) => {
  let calls = typeof remembered === 'number' ? remembered : 0;
  return {
    interpret: (readings) => {
      calls++;
      return readings.map((reading) => ({ ...reading, label: `${reading.label} ${calls}` }));
    },
    toRemember: () => calls,
  };
};
const silent: StageMaker = () => ({ interpret: (readings) => [...readings, ...readings] });

function labels(interpretation: Interpretation): string[] {
  return interpretation.interpret([energy('1.000')], UNKNOWN_TRAITS).map(({ label }) => label);
}

describe('what readings mean', () => {
  it('is worked out stage by stage, each on what the one before made', () => {
    expect(labels(new Interpretation({ counting, silent }, undefined))).toEqual([
      'Heat energy 1',
      'Heat energy 1',
    ]);
  });

  it('goes on after a restart with what each stage remembered', () => {
    const first = new Interpretation({ counting, silent }, undefined);
    labels(first);
    const remembered: unknown = JSON.parse(JSON.stringify(first.toRemember()));
    expect(remembered).toEqual({ counting: 1 });
    expect(labels(new Interpretation({ counting }, remembered))).toEqual(['Heat energy 2']);
  });

  it.each([null, 'text', [1], 7])('begins anew when the memory is %j', (remembered) => {
    expect(labels(new Interpretation({ counting }, remembered))).toEqual(['Heat energy 1']);
  });
});
