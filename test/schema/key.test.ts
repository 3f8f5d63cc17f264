import { describe, expect, expectTypeOf, it } from 'vitest';
import { applyKeys, parseValues } from '../../src/schema/apply.ts';
import { flattenKeys, type Infer, key, variableOf, type Written } from '../../src/schema/key.ts';
import { anyText, flag, oneOf, tcpPort } from '../../src/schema/validators.ts';

const hexadecimal = { ...tcpPort, parse: (written: number | string) => Number(written), fault: () => null };

const keys = {
  name: key('What it is called.', anyText, 'x', { env: 'OF_ITS_OWN' }),
  list: key('In the file only.', flag, true, { env: false }),
  server: {
    portNumber: key('Its port.', hexadecimal, '0x10'),
    level: key('How much.', oneOf(['a', 'b']), 'a'),
  },
};

describe('keys', () => {
  it('give the types of their values, as they are written and as the program has them', () => {
    expectTypeOf<Infer<typeof keys>>().toEqualTypeOf<{
      readonly name: string;
      readonly list: boolean;
      readonly server: { readonly portNumber: number; readonly level: 'a' | 'b' };
    }>();
    expectTypeOf<Written<typeof keys>['server']['portNumber']>().toEqualTypeOf<number | string>();
  });

  it('name their environment variables after their path, unless they say otherwise', () => {
    expect(flattenKeys(keys).map(([path, one]) => variableOf(path, one, 'MY_'))).toEqual([
      'OF_ITS_OWN',
      undefined,
      'MY_SERVER_PORT_NUMBER',
      'MY_SERVER_LEVEL',
    ]);
  });

  it('give defaults, laid over by what is written, as the program wants them', () => {
    const { written, faults } = applyKeys(keys, [{ name: 'y' }, { server: { level: 'b' } }], '.');
    expect(faults).toEqual([]);
    expect(written).toEqual({ name: 'y', list: true, server: { portNumber: '0x10', level: 'b' } });
    expect(parseValues(keys, written)).toEqual({
      name: 'y',
      list: true,
      server: { portNumber: 16, level: 'b' },
    });
  });

  it('name every fault with its path', () => {
    const { faults } = applyKeys(keys, [{ name: 5, server: { level: 'c' } }], '.');
    expect(faults.map(({ path }) => path)).toEqual(['name', 'server.level']);
  });
});
