import { describe, expect, it } from 'vitest';
import { ago, countdown, difference, exact, moment, rounded } from '../../page/src/format.ts';

describe('a number on the page', () => {
  it.each([
    ['48.28170', 'da', '48,28170'],
    ['48.28170', 'en', '48.28170'],
    ['12345678901234567890.000', 'de', '12.345.678.901.234.567.890,000'],
    ['-0.50', 'sv', '\u22120,50'],
    ['0', 'nl', '0'],
    ['Jan 3', 'da', 'Jan 3'],
    ['1e5', 'da', '1e5'],
  ])('has exactly the digits of %s in %s', (text, locale, shown) => {
    expect(exact(text, locale)).toBe(shown);
  });

  it('is subtracted without a rounding', () => {
    expect(difference('58.37', '31.1')).toBe('27.27');
    expect(difference('0.3', '0.1')).toBe('0.2');
    expect(difference('31.12', '58.37')).toBe('-27.25');
    expect(difference('20', '20.05')).toBe('-0.05');
    expect(difference('58', '31')).toBe('27');
    expect(difference('58.37', 'none')).toBeNull();
  });

  it('of the history has the decimals of its quantity', () => {
    expect(rounded(0.1 + 0.2, 5, 'da')).toBe('0,30000');
  });
});

describe('a time on the page', () => {
  it('grows older in steps', () => {
    const shown = [-5_000, 0, 59_999, 60_000, 3_599_999, 3_600_000, 172_800_000].map((age) => ago(age, 'en'));
    expect(shown).toEqual([
      '0 sec. ago',
      '0 sec. ago',
      '59 sec. ago',
      '1 min. ago',
      '59 min. ago',
      '1 hr. ago',
      '2 days ago',
    ]);
  });

  it('counts down, and never below zero', () => {
    expect([754_000, 59_001, 3_723_000, -1].map(countdown)).toEqual(['12:34', '1:00', '1:02:03', '0:00']);
  });

  it('says the day only where it is another one', () => {
    const now = Date.UTC(2026, 0, 15, 12);
    expect(moment(now - 3_600_000, 'en-GB', now, 'UTC')).toBe('11:00:00');
    expect(moment(now - 86_400_000, 'en-GB', now, 'UTC')).toBe('14 Jan 2026, 12:00:00');
  });
});
