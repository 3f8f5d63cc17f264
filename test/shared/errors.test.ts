import { expect, test } from 'vitest';
import { hasCode, innermost, Multical2MqttError, messageOf } from '../../src/shared/errors.ts';

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

const at = (code: string, address: string) =>
  Object.assign(new Error(`connect ${code} ${address}`), { code, address });
/** As Node makes it of a name with several addresses. */
const ofAll = (...errors: readonly unknown[]) =>
  Object.assign(new AggregateError(errors), { code: 'ECONNREFUSED' });
const circular = new Error('');
circular.cause = ofAll(circular);

test.each<[thrown: unknown, words: string]>([
  [new Error('broken'), 'broken'],
  ['a bare text', 'a bare text'],
  [7, '7'],
  ...[undefined, null, '', ' ', new Error(), {}, { code: true }].map((thrown): [unknown, string] => [
    thrown,
    'no reason was given',
  ]),
  [new TypeError(), 'no reason was given (TypeError)'],
  [{ message: 'said by another program' }, 'said by another program'],
  [
    ofAll(at('ECONNREFUSED', '::1:1883'), at('ECONNREFUSED', '127.0.0.1:1883')),
    'connect ECONNREFUSED ::1:1883; connect ECONNREFUSED 127.0.0.1:1883',
  ],
  [ofAll(new Error('broken'), 'broken', ofAll(new Error('broken'))), 'broken'],
  [new AggregateError(['one', 'two'], 'All have failed'), 'All have failed: one; two'],
  [ofAll(), 'connection refused (ECONNREFUSED)'],
  [new Error('', { cause: new Error('', { cause: 'the disk' }) }), 'the disk'],
  [new Error('on top', { cause: new Error('below') }), 'on top'],
  [Object.assign(new Error(), { code: 'ETIMEDOUT' }), 'connection timed out (ETIMEDOUT)'],
  [Object.assign(new Error(), { code: 'ERR_OTHER' }), 'error code ERR_OTHER'],
  [{ code: 151 }, 'error code 151'],
  [circular, 'no reason was given'],
])('whatever was thrown can be told to a person: %o', (thrown, words) => {
  expect(messageOf(thrown)).toBe(words);
});

test.each([
  [['ECONNREFUSED', 'ECONNREFUSED'], 1],
  [['ETIMEDOUT', 'ECONNREFUSED'], 1],
  [['ECONNREFUSED', 'ENETUNREACH'], 0],
  [['ECONNREFUSED', 'ETIMEDOUT'], 0],
  [['ETIMEDOUT', 'EHOSTUNREACH'], 0],
])('of several addresses, the one that we came nearest to tells why: %j', (codes, told) => {
  const errors = codes.map((code, each) => at(code, `10.0.0.${each}`));
  expect(innermost(new Error('fetch failed', { cause: ofAll(...errors) }))).toBe(errors[told]);
});
