import { describe, expect, it } from 'vitest';
import { registerIds } from '../../src/cli/register-arguments.ts';

describe('registers on the command line', () => {
  it.each([
    [
      ['60', '80', '86'],
      [60, 80, 86],
    ],
    [['60,80,86'], [60, 80, 86]],
    [
      ['60,', '80', ',86'],
      [60, 80, 86],
    ],
    [['60, 80; 86'], [60, 80, 86]],
    [['0x3C,heat_energy', '60'], [60]],
    [
      ['heat_energy', 'flow'],
      [60, 74],
    ],
    [['Heat-Energy,flow_temperature'], [60, 86]],
    [['register_1234'], [1234]],
  ])('%j are %j', (words, ids) => {
    expect(words.reduce<readonly number[]>((previous, word) => registerIds(word, previous), [])).toEqual(ids);
  });

  it.each([
    ['heat_enrgy', /no register "heat_enrgy"\. Did you mean "heat_energy"\?/],
    ['nonsense', /no register "nonsense"\. docs\/topics\.md/],
    ['65536', /from 0 to 65535/],
    ['register_99999', /no register|docs/],
    ['heat_energy_day', /in no register/],
  ])('%s is none', (word, message) => {
    expect(() => registerIds(word)).toThrow(message);
  });
});
