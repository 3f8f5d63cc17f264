import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { everyone, WebServer, type WebServerOptions } from '../../../src/web/server.ts';
import { CollectingLogger } from '../../support/collecting-logger.ts';
import { eventually } from '../../support/eventually.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A folder as the build makes it. */
export function bundleFolder(): string {
  const page = '<!doctype html><title>multical2mqtt</title>';
  const folder = temporaryFolder();
  const files = {
    'index.html': page,
    'index.html.br': brotliCompressSync(page),
    'index.html.gz': gzipSync(page),
    'main-ABCD2345.js': 'export {};',
    'secret.json': '{}',
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

/** The page's server at a free port of this machine, until the test ends. */
export async function webServing(changed: Partial<WebServerOptions> = {}) {
  const logger = new CollectingLogger();
  const server = new WebServer({
    host: '127.0.0.1',
    port: 0,
    access: everyone,
    hosts: [],
    routes: [],
    bundle: bundleFolder(),
    stuck: () => [],
    logger,
    ...changed,
  });
  server.start();
  onTestFinished(() => server.stop());
  const port = await eventually(() => server.port);
  return { server, logger, port, url: `http://127.0.0.1:${port}` };
}
