import { describe, expect, it, onTestFinished } from 'vitest';
import { HttpClient } from '../../../src/http/client.ts';
import { type InfluxdbAddress, InfluxdbServer } from '../../../src/outputs/influxdb/server.ts';
import { HttpReceiver } from '../../support/http-receiver.ts';

/*
 * InfluxDB 2.x and 3.x are not in the distribution. The servers here are ours: they check what the documentation says
 * of the call, and answer as it says (docs.influxdata.com, "Write data with the InfluxDB API" and "Troubleshoot issues
 * writing data" of v2 and of InfluxDB 3 Core, read 2026-11).
 */

const V2 = {
  database: '',
  username: '',
  password: '',
  org: 'my home',
  bucket: 'heat',
  token: 'hidden-token',
};
const LINES = ['multical a=1 1', 'multical a=2 2'];

async function write(
  answer: { status: number; body?: string } | undefined,
  address: Partial<InfluxdbAddress> = {},
  lines = LINES,
) {
  const receiver = await new HttpReceiver(() => answer).start();
  const client = new HttpClient({ ca: '', rejectUnauthorized: true, patience: 500 });
  onTestFinished(() => client.close());
  const server = new InfluxdbServer({ url: `${receiver.url}/base/`, ...V2, ...address }, client);
  const outcome = await server.write(lines, new AbortController().signal).catch((error: Error) => error);
  return { outcome, request: receiver.received[0], origin: receiver.url };
}

const json = (status: number, body: object) => ({ status, body: JSON.stringify(body) });

describe('the write call of InfluxDB 2.x and 3.x', () => {
  it('is what the documentation says', async () => {
    const { outcome, request } = await write({ status: 204 });
    expect(outcome).toBe('delivered');
    expect(request).toMatchObject({
      method: 'POST',
      headers: {
        authorization: 'Token hidden-token',
        'content-encoding': 'gzip',
        'content-type': 'text/plain; charset=utf-8',
      },
      body: 'multical a=1 1\nmultical a=2 2\n',
    });
    expect(request?.url.pathname).toBe('/base/api/v2/write');
    expect(Object.fromEntries(request?.url.searchParams ?? [])).toEqual({
      org: 'my home',
      bucket: 'heat',
      precision: 'ms',
    });
  });

  it('has no credentials where there are none', async () => {
    expect((await write({ status: 204 }, { token: '' })).request?.headers.authorization).toBeUndefined();
    const { request } = await write({ status: 204 }, { database: 'home' });
    expect(request?.headers.authorization).toBeUndefined();
    expect(`${request?.url.pathname}${request?.url.search}`).toBe('/base/write?db=home&precision=ms');
  });

  it.each<[what: string, answer: { status: number; body?: string }, reason: string]>([
    [
      'a malformed line (2.x)',
      json(400, { code: 'invalid', message: "unable to parse 'x': missing fields" }),
      "unable to parse 'x': missing fields",
    ],
    [
      'a part of the points (2.x)',
      json(422, { code: 'unprocessable entity', message: 'failure writing points to database' }),
      'failure writing points to database',
    ],
    [
      'a field of another type (3.x)',
      json(400, {
        error: 'partial write of line protocol occurred',
        data: [{ error_message: 'invalid column type', line_number: 1, original_line: 'x' }],
      }),
      'partial write of line protocol occurred: invalid column type',
    ],
    ['too much at once', { status: 413 }, 'it is too large'],
  ])('is refused for good for %s', async (_, answer, reason) => {
    expect((await write(answer)).outcome).toEqual({ refused: reason });
  });

  it.each<[status: number, answer: string, message: RegExp]>([
    [
      401,
      '{"code":"unauthorized","message":"unauthorized access"}',
      /is influxdb.token right, and may it write/,
    ],
    [
      404,
      '{"code":"not found","message":"bucket \\"heat\\" not found"}',
      /does not know the bucket "heat" of inf/,
    ],
    [429, '', /is overloaded$/],
    [503, '', /is overloaded$/],
    [
      500,
      '{"code":"internal error","message":"no space left"}',
      /trouble of its own: 500 \(no space left\)$/,
    ],
    // A proxy in between, which says so to everything: the points are not at fault.
    [
      400,
      '<html>The plain HTTP request was sent to HTTPS port</html>',
      /does not answer like InfluxDB \(400\); is/,
    ],
    // A page that greets whoever comes.
    [200, '<html>Welcome</html>', /does not answer like InfluxDB \(200\); is influxdb.url right\?$/],
    [302, '', /does not answer like InfluxDB \(302\); is influxdb.url right\?$/],
  ])('is worth another try after %i %s', async (status, body, message) => {
    const { outcome, origin } = await write({ status, body });
    expect(outcome).toMatchObject({ code: 'failed', message: expect.stringMatching(message) });
    expect(String(outcome)).toContain(origin);
    expect(String(outcome)).not.toContain('hidden');
  });

  it('is worth another try where something in between finds a single point too large', async () => {
    expect((await write({ status: 413 }, {}, LINES.slice(0, 1))).outcome).toMatchObject({ code: 'failed' });
  });

  it('is worth another try where the server says nothing', async () => {
    expect((await write(undefined)).outcome).toMatchObject({ code: 'failed' });
  });
});
