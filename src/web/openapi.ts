import { API_SCHEMAS } from './api-schemas.ts';
import type { ApiRoute } from './route.ts';

/** Describes routes by OpenAPI 3.1. */
export function openApi(routes: readonly ApiRoute[], version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const path = `/${route.path.replace(/:(\w+)/g, '{$1}')}`;
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'multical2mqtt',
      version,
      description: 'What the page of the bridge uses. Paths are relative to the page.',
    },
    servers: [{ url: '../..' }],
    paths,
    components: { schemas: JSON.parse(API_SCHEMAS) as unknown },
  };
}

function operation({ path, method, summary, answers }: ApiRoute): object {
  const parameters = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const body = { content: { 'application/json': { schema: { type: 'object' } } } };
  return {
    summary,
    parameters,
    ...(method === 'POST' && { requestBody: body }),
    responses: {
      '2XX': {
        description: 'Done.',
        ...(answers && { content: { 'application/json': { schema: schemaOf(answers) } } }),
      },
      default: { description: 'Not done.', content: { 'application/json': { schema: schemaOf('Refusal') } } },
    },
  };
}

function schemaOf(name: string): object {
  return name.endsWith('[]')
    ? { type: 'array', items: schemaOf(name.slice(0, -2)) }
    : { $ref: `#/components/schemas/${name}` };
}
