import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { apiSchemas } from '../../scripts/docs/api-schemas.ts';
import { API_SCHEMAS } from '../../src/web/api-schemas.ts';
import { openApi } from '../../src/web/openapi.ts';
import type { ApiRoute } from '../../src/web/route.ts';

const API = readFileSync(join(resolve(import.meta.dirname, '../..'), 'src/web/api.ts'), 'utf8');
const route: ApiRoute = {
  method: 'GET',
  path: 'api/v1/meters/:name',
  summary: 'All values',
  answers: 'Value[]',
  handle: () => ({ json: [] }),
};

describe('the description of the API', () => {
  it('is of the types as they are', () => {
    expect(JSON.parse(API_SCHEMAS), 'it has drifted; run "npm run docs"').toEqual(apiSchemas(API));
  });

  it('names each route with what it gives, and its schemas hold for that', () => {
    const description = openApi([route], '1.2.3');
    expect(description).toMatchObject({
      openapi: '3.1.0',
      paths: {
        '/api/v1/meters/{name}': {
          get: { summary: 'All values', parameters: [{ name: 'name', in: 'path' }] },
        },
      },
    });
    const ajv = new Ajv2020({ strict: false });
    ajv.addSchema(description, 'api');
    const valid = (name: string, value: unknown): boolean | Promise<unknown> =>
      ajv.validate(`api#/components/schemas/${name}`, value);
    const value = { quantity: 'power', label: 'Power', value: '4.2', unit: 'kW', readAt: 1 };
    expect(valid('Value', value)).toBe(true);
    expect(valid('Value', { ...value, value: 4.2 })).toBe(false);
    const head = { version: '1', startedAt: null, clockProblem: null, needsSetup: true, usesPassword: false };
    expect(valid('BridgeState', { ...head, outputs: [], meters: [] })).toBe(true);
    expect(valid('BridgeState', { ...head, outputs: [], meters: [{}] })).toBe(false);
    for (const name of Object.keys(apiSchemas(API))) expect(() => valid(name, {})).not.toThrow();
  });
});
