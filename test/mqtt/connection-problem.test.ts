import { describe, expect, it } from 'vitest';
import { connectionProblem } from '../../src/mqtt/connection-problem.ts';

function problem(code: string | number, message = ''): string {
  return connectionProblem(Object.assign(new Error(message), { code }));
}

describe('connectionProblem', () => {
  it.each([
    ['ENOTFOUND', /host name that is not known/],
    ['EAI_AGAIN', /cannot be looked up now/],
    ['ECONNREFUSED', /is the broker running/],
    ['EHOSTUNREACH', /cannot be reached/],
    ['ETIMEDOUT', /does not answer/],
    ['ECONNRESET', /TLS/],
    ['EPROTO', /does not speak TLS/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', /not trusted/],
    ['SELF_SIGNED_CERT_IN_CHAIN', /not trusted/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /not trusted/],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', /not trusted/],
    ['CERT_HAS_EXPIRED', /expired/],
    ['CERT_NOT_YET_VALID', /clock/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /another name/],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', /agree with us on TLS/],
    [142, /same id/],
  ])('%s', (code, text) => {
    expect(problem(code)).toMatch(text);
  });

  it.each([
    [new Error('connack timeout'), /is this an MQTT port/],
    [new Error('Keepalive timeout'), /does not answer any more/],
    [new Error('something new'), /something new/],
    ['not even an error', /not even an error/],
    [null, /null/],
    [{ code: true }, /cannot be used/],
  ])('%s', (error, text) => {
    expect(connectionProblem(error)).toMatch(text);
  });
});
