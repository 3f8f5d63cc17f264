import type { Language } from '../catalogue/texts/languages.ts';

/** What was asked for, checked by the server: by whom, from where, and how much. */
export interface ApiRequest {
  readonly language: Language;
  /** By their names in the path, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Parsed JSON; undefined where none came. */
  readonly body: unknown;
  /** Aborted when the client goes, or the server stops. */
  readonly gone: AbortSignal;
}

export type ApiAnswer =
  | { readonly json: unknown; readonly status?: number }
  /** To be saved under a name. */
  | { readonly csv: string; readonly name: string }
  /** JSON, an object a line, sent as they come. */
  | { readonly lines: AsyncIterable<object> }
  /** Server-sent events. */
  | { readonly events: AsyncIterable<{ readonly event: string; readonly data: unknown }> };

export interface ApiRoute {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Relative, such as `api/v1/meters/:name/registers`. */
  readonly path: string;
  /** For the description of the API. */
  readonly summary: string;
  /** What it gives, by the name of its type in `api.ts`, such as `Value[]`; for the description too. */
  readonly answers?: string;
  readonly handle: (request: ApiRequest) => ApiAnswer | Promise<ApiAnswer>;
}

/** Thrown by a route: the client gets the status, and the text as `Refusal`. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, text: string) {
    super(text);
    this.status = status;
  }
}
