import type { Method, ServedRoute } from './answer.ts';

interface Found {
  readonly route: ServedRoute;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Finds the route of a path. A part that is written out goes before one that stands for anything. */
export class RouteTable {
  private readonly exact = new Map<string, ServedRoute[]>();
  private readonly patterns: { readonly parts: readonly string[]; readonly route: ServedRoute }[] = [];

  constructor(routes: readonly ServedRoute[]) {
    for (const route of routes) {
      if (route.path.includes('/:')) this.patterns.push({ parts: route.path.split('/'), route });
      else this.exact.set(route.path, [...(this.exact.get(route.path) ?? []), route]);
    }
  }

  /** Undefined: there is nothing at this path. A list: only for these methods. */
  find(method: Method, path: string): Found | readonly Method[] | undefined {
    const exact = this.exact.get(path) ?? [];
    const found: readonly Found[] =
      exact.length > 0
        ? exact.map((route) => ({ route, parameters: {} }))
        : this.patterns.flatMap(({ parts, route }) => {
            const parameters = matched(parts, path.split('/'));
            return parameters === undefined ? [] : [{ route, parameters }];
          });
    if (found.length === 0) return undefined;
    return found.find(({ route }) => route.method === method) ?? found.map(({ route }) => route.method);
  }
}

function matched(parts: readonly string[], given: readonly string[]): Record<string, string> | undefined {
  if (parts.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const text = given[index] ?? '';
    if (!part.startsWith(':')) {
      if (part !== text) return undefined;
      continue;
    }
    const decoded = decode(text);
    if (decoded === undefined || decoded === '') return undefined;
    parameters[part.slice(1)] = decoded;
  }
  return parameters;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
