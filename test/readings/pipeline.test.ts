import { describe, expect, it } from 'vitest';
import { Pipeline, type StageMaker } from '../../src/readings/pipeline.ts';
import { UNKNOWN_TRAITS } from '../../src/readings/reading.ts';
import { energy } from './support/readings.ts';

describe('pipeline', () => {
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

  function labels(pipeline: Pipeline): string[] {
    return pipeline.run([energy('1.000')], UNKNOWN_TRAITS).map(({ label }) => label);
  }

  describe('what readings mean', () => {
    it('is worked out stage by stage, each on what the one before made', () => {
      expect(labels(new Pipeline({ counting, silent }, undefined))).toEqual([
        'Heat energy 1',
        'Heat energy 1',
      ]);
    });

    it('goes on after a restart with what each stage remembered', () => {
      const first = new Pipeline({ counting, silent }, undefined);
      labels(first);
      const remembered: unknown = JSON.parse(JSON.stringify(first.toRemember()));
      expect(remembered).toEqual({ counting: 1 });
      expect(labels(new Pipeline({ counting }, remembered))).toEqual(['Heat energy 2']);
    });

    it.each([null, 'text', [1], 7])('begins anew when the memory is %j', (remembered) => {
      expect(labels(new Pipeline({ counting }, remembered))).toEqual(['Heat energy 1']);
    });
  });
});

describe('a stage that fails with what it remembers', () => {
  /** Fails where it remembers the name of one of its methods. */
  const failing: StageMaker = (remembered) => {
    const fails = (where: string): void => {
      if (remembered === where) throw new Error(`fails in ${where}`);
    };
    fails('making');
    return {
      interpret: (readings) => {
        fails('interpret');
        return readings;
      },
      expire: () => {
        fails('expire');
        return [];
      },
      toRemember: () => {
        fails('toRemember');
        return 'well';
      },
    };
  };

  it.each([
    'making',
    'interpret',
    'expire',
    'toRemember',
  ])('begins anew, and is told once: in %s', (where) => {
    const told: unknown[] = [];
    const pipeline = new Pipeline({ failing }, { failing: where }, (...spoilt) => told.push(spoilt));
    for (let reading = 0; reading < 2; reading++) {
      expect(pipeline.run([energy('1.000')], UNKNOWN_TRAITS)).toEqual([energy('1.000')]);
      expect(pipeline.expire(0)).toEqual([]);
      expect(pipeline.toRemember()).toEqual({ failing: 'well' });
    }
    expect(told).toEqual([['failing', new Error(`fails in ${where}`)]]);
  });

  it('fails where it does so without any memory too: that is a fault of ours', () => {
    const broken: StageMaker = () => ({ interpret: () => missing() });
    const missing = (): never => {
      throw new Error('ours');
    };
    expect(() => new Pipeline({ broken }, {}).run([], UNKNOWN_TRAITS)).toThrow('ours');
  });
});
