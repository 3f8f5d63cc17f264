import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/shared/secrets.ts';

describe('the redactor', () => {
  it('hides every occurrence, the longer secret first', () => {
    expect(createRedactor(['pass', 'password'])('password, pass and password')).toBe('***, *** and ***');
  });

  it('leaves short secrets alone', () => {
    expect(createRedactor(['a', 'abc', ''])('abc')).toBe('abc');
  });

  it('takes secrets that no encoder takes', () => {
    expect(createRedactor(['half\ud800pair'])('my half\ud800pair')).toBe('my ***');
  });

  it('takes secrets for what they are, not for patterns', () => {
    expect(createRedactor(['.*$&'])('all .*$& of it')).toBe('all *** of it');
  });
});
