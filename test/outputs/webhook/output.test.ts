import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebhookOutput } from '../../../src/outputs/webhook/output.ts';
import { eventually } from '../../support/eventually.ts';
import { HttpReceiver } from '../../support/http-receiver.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { FEW, FLOW_TEMPERATURE, HEAT_ENERGY, METER, VOLUME } from '../support/meter-readings.ts';
import { outputParts } from '../support/output-parts.ts';

function posting(url: string, { directory = temporaryFolder() } = {}, secret = '') {
  const parts = outputParts({ outbox: { directory, maxBytes: 1_000_000, maxAge: 86_400_000 } });
  const { clock, logger } = parts;
  const output = new WebhookOutput({ enabled: true, url, secret, ca: '', rejectUnauthorized: true }, parts);
  output.start();
  onTestFinished(() => output.stop());
  return { output, clock, logger, directory };
}

describe('the webhook', () => {
  it('posts the state of the meter, exact to the last digit, and whose it is', async () => {
    const receiver = await new HttpReceiver().start();
    const { output } = posting(`${receiver.url}/hook?token=x`);
    output.readingTaken(METER, [FLOW_TEMPERATURE], FEW);
    await eventually(() => output.health.delivered === 1);
    const [request] = receiver.received;
    expect(request?.url.href).toBe(`${receiver.url}/hook?token=x`);
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'multical2mqtt/1.2.3',
    });
    expect(request?.headers).not.toHaveProperty('x-multical2mqtt-signature');
    expect(request?.body).toMatch(/^\{"meter":\{"serial_number":"6655443",.*"heat_energy":227\.445,/);
    expect(request?.body).toContain('"flow_temperature":65.20,');
    expect(JSON.parse(request?.body ?? '')).toMatchObject({ meter: { name: METER.name }, volume: 4127.1 });
  });

  it('is signed, so that the receiver knows who posts', async () => {
    const receiver = await new HttpReceiver().start();
    const { output } = posting(receiver.url, {}, 'the secret');
    output.readingTaken(METER, FEW, FEW);
    await eventually(() => output.health.delivered === 1);
    const { body = '', headers = {} } = receiver.received[0] ?? {};
    const signature = createHmac('sha256', 'the secret').update(body).digest('hex');
    expect(headers['x-multical2mqtt-signature']).toBe(`sha256=${signature}`);
  });

  it('waits while the receiver is away, across a restart, and can be told apart from a second try', async () => {
    const receiver = await new HttpReceiver(() => ({ status: 500 })).start();
    const { output, directory } = posting(receiver.url);
    output.readingTaken(METER, FEW, FEW);
    await eventually(() => output.health.problem === `${receiver.url} answered 500`);
    await output.stop();
    receiver.answer = () => ({ status: 200 });
    const again = posting(receiver.url, { directory });
    await eventually(() => again.output.health.delivered === 1);
    const [first, second] = receiver.received;
    expect(second?.body).toBe(first?.body);
    expect(first?.headers['idempotency-key']).toMatch(/^[0-9a-f]{32}$/);
    expect(second?.headers['idempotency-key']).toBe(first?.headers['idempotency-key']);
  });

  it('posts one after the other, in the order of reading', async () => {
    const receiver = await new HttpReceiver().start();
    const { output } = posting(receiver.url);
    for (let number = 0; number < 5; number++) {
      const reading = { ...HEAT_ENERGY, readAt: HEAT_ENERGY.readAt + number * 1_000 };
      output.readingTaken(METER, [reading], [reading]);
    }
    await eventually(() => output.health.delivered === 5);
    const times = receiver.received.map(({ body }) => JSON.parse(body).read_at);
    expect(times).toEqual([...times].sort());
    expect(new Set(times).size).toBe(5);
  });

  it('says when the newest value of the reading was read', async () => {
    const receiver = await new HttpReceiver().start();
    const { output } = posting(receiver.url);
    const newest = { ...VOLUME, readAt: HEAT_ENERGY.readAt + 70_000 };
    output.readingTaken(METER, [HEAT_ENERGY, newest], [HEAT_ENERGY, newest]);
    await eventually(() => output.health.delivered === 1);
    expect(Date.parse(JSON.parse(receiver.received[0]?.body ?? '').read_at)).toBe(newest.readAt);
  });

  it('sets aside what the receiver refuses for good', async () => {
    const receiver = await new HttpReceiver(({ body }) => ({
      status: body.includes('flow_temp') ? 422 : 201,
    })).start();
    const { output, directory, logger } = posting(receiver.url);
    output.readingTaken(METER, FEW, [FLOW_TEMPERATURE]);
    output.readingTaken(METER, FEW, [HEAT_ENERGY]);
    await eventually(() => output.health.refused === 1 && output.health.delivered === 1);
    const [line = ''] = readFileSync(join(directory, 'refused/webhook.jsonl'), 'utf8').split('\n');
    expect(JSON.parse(line)).toMatchObject({ reason: 'it answered 422', body: { flow_temperature: 65.2 } });
    expect(logger.said('error')).toEqual([
      expect.stringContaining('it answered 422. Such ones are set aside in'),
    ]);
  });

  it.each([
    [401, /answered 401; are webhook.url and webhook.secret right\?$/],
    [404, /answered 404; are webhook.url/],
    [301, /answered 301; redirects are not followed, put the new address into webhook.url$/],
    [503, /answered 503$/],
  ])('keeps what it posts where the answer is %i, and says what to do', async (status, problem) => {
    const receiver = await new HttpReceiver(() => ({ status })).start();
    const { output } = posting(`${receiver.url}/hidden`);
    output.readingTaken(METER, FEW, FEW);
    await eventually(() => output.health.problem !== null);
    expect(output.health.problem).toMatch(problem);
    expect(output.health.problem).not.toContain('hidden');
    expect(output.health.waiting).toBe(1);
  });

  it('posts nothing of what an earlier run remembers', () => {
    const { output } = posting('http://127.0.0.1:9');
    output.readingTaken(METER, [], FEW);
    expect(output.health.waiting).toBe(0);
  });
});
