import { expect, test } from 'vitest';
import { hasCode, Multical2MqttError, messageOf } from '../../src/shared/errors.ts';

test('an error says what to do next and keeps its cause', () => {
  const cause = new Error('EACCES');
  const error = new Multical2MqttError('port-denied', 'Join the group dialout.', { cause });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ name: 'Multical2MqttError', message: 'Join the group dialout.', cause });
  expect(error.problems).toEqual([]);
});

test('an error without a cause has no such property', () => {
  expect('cause' in new Multical2MqttError('failed', 'Something failed.')).toBe(false);
});

test('a configuration error names every fault', () => {
  const problems = ['meters[0].port: missing', 'mqtt.url: not a URL'];
  expect(new Multical2MqttError('config', 'Two faults.', { problems }).problems).toEqual(problems);
});

test('an error is recognised by its code, and only one of ours has one', () => {
  const error = new Multical2MqttError('no-answer', 'Silence.');
  expect(hasCode(error, 'no-answer')).toBe(true);
  expect(hasCode(error, 'cancelled')).toBe(false);
  expect(hasCode(Object.assign(new Error('fake'), { code: 'no-answer' }), 'no-answer')).toBe(false);
  expect(hasCode(undefined, 'no-answer')).toBe(false);
});

test('whatever was thrown can be told to a person', () => {
  expect(messageOf(new Error('broken'))).toBe('broken');
  expect(messageOf('a bare text')).toBe('a bare text');
  expect(messageOf(undefined)).toBe('undefined');
});
