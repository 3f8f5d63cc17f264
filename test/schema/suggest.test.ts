import { describe, expect, it } from 'vitest';
import { nearest } from '../../src/schema/suggest.ts';

describe('the nearest known word', () => {
  it.each([
    ['base_topic', 'baseTopic'],
    ['BASETOPIC', 'baseTopic'],
    ['bsaetopik', 'baseTopic'],
    ['prt', 'port'],
    ['prot', 'port'],
    ['ports', 'port'],
    ['pxxt', null],
    ['colour', null],
    ['', null],
  ])('to "%s" is %j', (word, expected) => {
    expect(nearest(word, ['port', 'baseTopic', 'name'])).toBe(expected);
  });

  it('is the first of equally near ones, and an exact one before all', () => {
    expect(nearest('cart', ['carx', 'cary'])).toBe('carx');
    expect(nearest('cart', ['carx', 'c-a-r-t'])).toBe('c-a-r-t');
  });
});
