import { type HttpAnswer, HttpClient, type HttpClientOptions } from '../../http/client.ts';
import type { Outcome } from '../../shared/delivery.ts';
import { Multical2MqttError } from '../../shared/errors.ts';
import { cutAtBlank } from '../../shared/secrets.ts';
import type { InfluxdbConfig } from './config.ts';

/** The keys that name the server, the credentials and the place for points. */
export type InfluxdbAddress = Pick<
  InfluxdbConfig,
  'url' | 'database' | 'username' | 'password' | 'org' | 'bucket' | 'token'
>;

/**
 * The write call of InfluxDB: `/write` of 1.x, `/api/v2/write` of 2.x, which 3.x has too. Times are milliseconds.
 * Answers as docs.influxdata.com has them ("Troubleshoot issues writing data", all three versions, 2026-11).
 */
export class InfluxdbServer {
  private readonly address: InfluxdbAddress;
  private readonly client: HttpClient;

  constructor(address: InfluxdbAddress, client: HttpClient) {
    this.address = address;
    this.client = client;
  }

  /** Error `failed` where it is worth another try: the server is away, full, or does not let us in. */
  async write(lines: readonly string[], signal: AbortSignal): Promise<Outcome> {
    const answer = await this.client.send({
      method: 'POST',
      url: this.writeUrl,
      headers: { ...this.authorization, 'content-type': 'text/plain; charset=utf-8' },
      body: `${lines.join('\n')}\n`,
      gzip: true,
      signal,
    });
    return outcomeOf(answer, this.address, lines.length);
  }

  private get writeUrl(): string {
    const { url, database, org, bucket } = this.address;
    const base = url.replace(/\/+$/, '');
    const query = new URLSearchParams(
      database === '' ? { org, bucket, precision: 'ms' } : { db: database, precision: 'ms' },
    );
    return `${base}${database === '' ? '/api/v2/write' : '/write'}?${query}`;
  }

  private get authorization(): Readonly<Record<string, string>> {
    const { database, username, password, token } = this.address;
    if (database === '') return token === '' ? {} : { authorization: `Token ${token}` };
    if (username === '') return {};
    return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
  }
}

/** Writes no points: whether we may, InfluxDB decides before it looks for any. */
export async function reachInfluxdb(config: InfluxdbAddress & HttpClientOptions): Promise<string> {
  const client = new HttpClient(config);
  try {
    await new InfluxdbServer(config, client).write([], new AbortController().signal);
    return `${new URL(config.url).origin} lets us write`;
  } finally {
    await client.close();
  }
}

function outcomeOf(
  { status, headers, body }: HttpAnswer,
  { url, database, bucket }: InfluxdbAddress,
  count: number,
): Outcome {
  // Anything may answer 200 at a wrong address.
  if (status === 204 || (status < 300 && 'x-influxdb-version' in headers)) return 'delivered';
  const { origin } = new URL(url);
  const reason = reasonIn(body);
  // Too much at once, also for something between us and the server; or one point too long, for InfluxDB.
  if (status === 413 && (count > 1 || reason !== undefined)) return { refused: reason ?? 'it is too large' };
  // Only in InfluxDB's own words: something between us and the server may say 400 to everything.
  if ((status === 400 || status === 422) && reason !== undefined) return { refused: reason };
  throw new Multical2MqttError(
    'failed',
    `${origin} ${problemOf(status)}${reason === undefined ? '' : ` (${reason})`}`,
  );

  function problemOf(code: number): string {
    const place =
      database === '' ? `the bucket "${bucket}" of influxdb.bucket` : `the database "${database}"`;
    switch (code) {
      case 401:
      case 403:
        return database === ''
          ? `does not let us write; is influxdb.token right, and may it write to ${place}?`
          : `does not let us write; are influxdb.username and influxdb.password right, and may that user write to ${place}?`;
      case 404:
        return `does not know ${place}${database === '' ? ', or influxdb.org' : ''}; create it, or correct the name`;
      case 429:
      case 503:
        return 'is overloaded';
      default:
        return code >= 500
          ? `has trouble of its own: ${code}`
          : `does not answer like InfluxDB (${code}); is influxdb.url right?`;
    }
  }
}

/** The words of an error: `error` of 1.x and 3.x, `message` of 2.x; undefined where it is not InfluxDB that speaks. */
function reasonIn(body: string): string | undefined {
  try {
    const found = JSON.parse(body) as { error?: unknown; message?: unknown; data?: unknown };
    const reason = found.message ?? found.error;
    if (typeof reason !== 'string' || reason === '') return undefined;
    // 3.x says in `data` what is wrong with which line.
    const [line] = Array.isArray(found.data) ? (found.data as { error_message?: unknown }[]) : [];
    const detail = typeof line?.error_message === 'string' ? `: ${line.error_message}` : '';
    return cutAtBlank(`${reason}${detail}`.replace(/\s+/g, ' '), 500);
  } catch {
    return undefined;
  }
}
