import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadFile, METER } from '../config/support/loading.ts';

const DOCS = resolve(import.meta.dirname, '../../docs');

/** Examples of configurations: whole objects, or members of one. Others (what is published) name no output's `enabled`. */
const EXAMPLES = ['domoticz.md', 'outputs.md', 'prometheus.md'].flatMap((page) =>
  Array.from(
    readFileSync(join(DOCS, page), 'utf8').matchAll(/```json\n([\s\S]*?)\n```/g),
    ([, text = '']) => text,
  )
    .filter((text) => text.includes('"enabled"'))
    .map((text) => [page, text.startsWith('{') ? text : `{${text}}`] as const),
);

describe('an example', () => {
  it('is there of each output', () => expect(EXAMPLES.length).toBeGreaterThanOrEqual(4));

  it.each(EXAMPLES)('of %s can be loaded: %s', (_page, text) => {
    const [output = ''] = Object.keys(JSON.parse(text));
    const { config } = loadFile({ meters: [METER], ...JSON.parse(text) });
    expect(config).toMatchObject({ [output]: { enabled: true } });
  });
});
