import { LANGUAGES, type Language } from '../catalogue/texts/languages.ts';
import type { Answer, AskedWithBody, ServedRoute, StreamedAnswer } from '../http/answer.ts';
import { type ApiAnswer, type ApiRoute, Refused } from './route.ts';

interface DispatcherOptions {
  /** Told of what a route throws that is no refusal: it may hold anything, and goes to the log alone. */
  readonly failed: (error: unknown) => void;
  /** Aborted when whoever asks may no longer: a stream ends then. Undefined where everybody may. */
  readonly until: (asked: AskedWithBody) => AbortSignal | undefined;
}

const JSON_TYPE = 'application/json; charset=utf-8';

/** JSON lines. Under a name with "json" in it Home Assistant's ingress compresses them, and holds each back for long. */
const LINES_TYPE = 'application/octet-stream';

/** The API's routes as the small server takes them. */
export function servedRoutes(routes: readonly ApiRoute[], options: DispatcherOptions): ServedRoute[] {
  return routes.map((route) => ({
    method: route.method,
    path: `/${route.path}`,
    handle: (asked) => answerOf(route, asked, options),
  }));
}

async function answerOf(
  route: ApiRoute,
  asked: AskedWithBody,
  { failed, until }: DispatcherOptions,
): Promise<Answer | StreamedAnswer> {
  const { parameters, query, body, gone } = asked;
  const end = until(asked);
  try {
    return written(
      await route.handle({
        language: languageOf(query.get('language'), asked.headers['accept-language']),
        parameters,
        query,
        body,
        gone: end === undefined ? gone : AbortSignal.any([gone, end]),
      }),
    );
  } catch (error) {
    if (error instanceof Refused) return refusal(error.status, error.message);
    failed(error);
    return refusal(500, 'This could not be done; the log says why.');
  }
}

function written(answer: ApiAnswer): Answer | StreamedAnswer {
  if ('json' in answer)
    return { status: answer.status ?? 200, type: JSON_TYPE, body: JSON.stringify(answer.json) };
  if ('csv' in answer)
    return {
      status: 200,
      type: 'text/csv; charset=utf-8',
      body: answer.csv,
      headers: { 'content-disposition': `attachment; filename="${fileName(answer.name)}"` },
    };
  if ('lines' in answer) return { type: LINES_TYPE, chunks: linesOf(answer.lines), heartbeat: '\n' };
  return { type: 'text/event-stream; charset=utf-8', chunks: eventsOf(answer.events), heartbeat: ALIVE };
}

/** An event and no comment: a browser keeps comments from the page, which wants to know that the bridge is there. */
const ALIVE = 'event: alive\ndata: null\n\n';

async function* linesOf(lines: AsyncIterable<object>): AsyncGenerator<string> {
  for await (const line of lines) yield `${JSON.stringify(line)}\n`;
}

async function* eventsOf(
  events: AsyncIterable<{ readonly event: string; readonly data: unknown }>,
): AsyncGenerator<string> {
  for await (const { event, data } of events) yield `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** A header takes hardly anything. */
function fileName(name: string): string {
  return name.replace(/[^\w.-]+/g, '-');
}

export function refusal(status: number, error: string): Answer {
  return { status, type: JSON_TYPE, body: JSON.stringify({ error }) };
}

/** The one asked for, else the first that the browser prefers and we have. */
export function languageOf(asked: string | null, accepted: string | undefined): Language {
  const wishes = (accepted ?? '')
    .split(',')
    .map((part) => ({
      tag: part.replace(/;.*/s, ''),
      weight: Number(/;\s*q=([\d.]+)/.exec(part)?.[1] ?? 1),
    }))
    .filter(({ weight }) => weight > 0)
    .toSorted((one, other) => other.weight - one.weight);
  const tags = [asked ?? '', ...wishes.map(({ tag }) => tag)];
  const known = tags.map((tag) => tag.trim().toLowerCase().split('-')[0]);
  return known.find((tag): tag is Language => LANGUAGES.some((one) => one === tag)) ?? 'en';
}
