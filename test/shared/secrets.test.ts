import { describe, expect, it } from 'vitest';
import { createRedactor, cutAtBlank } from '../../src/shared/secrets.ts';

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

  it.each([
    'user:a secret',
    'us:a secret',
    'u:a secret!',
  ])('hides one within base64, whatever stands around it: %s', (text) => {
    const encoded = Buffer.from(text).toString('base64');
    expect(encoded).not.toBe(createRedactor(['a secret'])(encoded));
    expect(Buffer.from(createRedactor(['a secret'])(encoded), 'base64').toString()).not.toContain('secre');
  });
});

describe('words from elsewhere', () => {
  it('are cut at a blank, so that no half of a secret is left', () => {
    expect(cutAtBlank('one two three', 13)).toBe('one two three');
    expect(cutAtBlank('one two three', 12)).toBe('one two');
    expect(cutAtBlank('one two three', 7)).toBe('one two');
    expect(cutAtBlank('one-long-word', 5)).toBe('');
  });
});
