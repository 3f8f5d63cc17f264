import { describe, expect, it } from 'vitest';
import {
  type Audience,
  example,
  FILE_AUDIENCE,
  firstOfEach,
  ref,
  renderFault,
  renderText,
  text,
} from '../../src/schema/fault.ts';

const FORM: Audience = {
  name: (key, meter) => (meter === undefined ? `of the bridge ${key}` : `of a meter ${key}`),
  placeOf: (name, meter) => `meter ${meter}: ${name}`,
  examples: 'form',
};

describe('a fault', () => {
  it('calls keys what the reader calls them, wherever they stand', () => {
    const fault = { path: 'csv.directory', text: text`must be set, because ${ref('csv.enabled')} is true` };
    expect(renderFault(fault, FILE_AUDIENCE)).toBe('csv.directory: must be set, because csv.enabled is true');
    expect(renderFault(fault, FORM)).toBe(
      'of the bridge csv.directory: must be set, because of the bridge csv.enabled is true',
    );
  });

  it('names the meter, and what set the value', () => {
    const fault = { meter: 1, path: 'port', origin: 'METER_PORT', text: text`see ${ref('name')}` };
    expect(renderFault(fault, FILE_AUDIENCE)).toBe('meters[1].port (METER_PORT): see name');
    expect(renderFault(fault, FORM)).toBe('meter 1: of a meter port (METER_PORT): see of a meter name');
  });

  it('may be one of the whole', () => {
    expect(renderFault({ path: '', text: 'x' }, FILE_AUDIENCE)).toBe('the whole file: x');
    expect(renderFault({ path: '', meter: 0, text: 'x' }, FILE_AUDIENCE)).toBe('meters[0]: x');
  });

  it('is told once a key', () => {
    const [first, second, other] = ['a', 'a', 'b'].map((path, index) => ({ path, text: String(index) }));
    expect(firstOfEach([first, second, other].flatMap((fault) => fault ?? []))).toEqual([first, other]);
  });
});

describe('a sentence', () => {
  it('has another example for a file and for the form', () => {
    const sentence = text`such as ${example('{"a": 1}', '"a=1"')}, at most ${2}`;
    expect(renderText(sentence, FILE_AUDIENCE)).toBe('such as {"a": 1}, at most 2');
    expect(renderText(sentence, FORM)).toBe('such as "a=1", at most 2');
  });

  it('may be made of others', () => {
    const sentence = text`${text`set ${ref('a')}`}, or ${'never'}`;
    expect(renderText(sentence, FILE_AUDIENCE)).toBe('set a, or never');
  });

  it('shows what a user wrote as it is, even where it looks like a key', () => {
    expect(renderText(text`not ${'"csv.enabled"'}`, FORM)).toBe('not "csv.enabled"');
  });
});
