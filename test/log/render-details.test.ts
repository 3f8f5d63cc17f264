import { describe, expect, it } from 'vitest';
import { renderDetails } from '../../src/log/render-details.ts';

const rendered = (value: unknown): unknown => renderDetails(value, (text) => text).details;

describe('details', () => {
  it.each([
    ['text', 'text'],
    [1, 1],
    [null, null],
    [12345678901234567890n, '12345678901234567890'],
    [new Uint8Array([0x80, 0x3f, 0x0d]), '803f0d'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [new Map([['a', new Set([1])]]), { a: [1] }],
    [[{ a: [1n] }], [{ a: ['1'] }]],
    [new TypeError('boom'), 'boom'],
    [new RangeError(), 'RangeError'],
    [new AggregateError([new Error('::1 refused'), '127.0.0.1 refused']), '::1 refused; 127.0.0.1 refused'],
  ])('of %o are plain values', (value, expected) => {
    expect(rendered(value)).toEqual(expected);
  });

  it('may contain themselves', () => {
    const value: Record<string, unknown> = { a: 1 };
    value.self = value;
    expect(rendered(value)).toEqual({ a: 1, self: '[circular]' });
    const error = new Error('loop');
    error.cause = error;
    expect(rendered({ error })).toEqual({ error: 'loop' });
  });

  it('may be of any depth', () => {
    let value: object = {};
    for (let depth = 0; depth < 5000; depth++) value = { value };
    expect(JSON.stringify(rendered(value))).toContain('[too deep]');
  });

  it('may refuse to be read', () => {
    const value = {
      get broken(): never {
        throw new Error('no');
      },
    };
    expect(rendered(value)).toBe('[not printable: no]');
  });
});
