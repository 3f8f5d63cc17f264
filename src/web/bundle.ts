import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Answer, Asked, ServedRoute } from '../http/answer.ts';
import { isMissing } from '../shared/files.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
};
/** In the order in which they are wanted, by how they are called in a request. */
const PACKED = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;
/** Its name changes with its content. */
const HASHED = /-[A-Z0-9]{8}\.\w+$/;
const A_YEAR = 'public, max-age=31536000, immutable';

export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ');

/** The page's files, as they were built. Each is read when it is asked for. */
export function bundleRoutes(folder: string): ServedRoute[] {
  const names = namesIn(folder);
  if (!names.includes('index.html')) return [{ method: 'GET', path: '/', handle: () => NOT_BUILT }];
  return names
    .filter((name) => !/\.(br|gz)$/.test(name) && extname(name) in TYPES)
    .map((name) => {
      const packed = PACKED.filter(([, end]) => names.includes(`${name}${end}`));
      const tag = createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('base64url')
        .slice(0, 22);
      return {
        method: 'GET',
        path: name === 'index.html' ? '/' : `/${name}`,
        handle: (asked) => fileAnswer(asked, folder, name, packed, tag),
      };
    });
}

async function fileAnswer(
  { headers }: Pick<Asked, 'headers'>,
  folder: string,
  name: string,
  packed: readonly (typeof PACKED)[number][],
  tag: string,
): Promise<Answer> {
  const accepted = String(headers['accept-encoding'] ?? '');
  const chosen = packed.find(([encoding]) =>
    new RegExp(`\\b${encoding}\\b(?!\\s*;\\s*q=0(\\.0*)?\\s*(,|$))`).test(accepted),
  );
  const [encoding, end] = chosen ?? [undefined, ''];
  const etag = `"${tag}${end}"`;
  const own = {
    etag,
    vary: 'accept-encoding',
    'cache-control': HASHED.test(name) ? A_YEAR : 'no-cache',
    'content-security-policy': PAGE_POLICY,
    ...(encoding !== undefined && { 'content-encoding': encoding }),
  };
  const type = TYPES[extname(name)] ?? 'application/octet-stream';
  if (headers['if-none-match']?.includes(etag)) return { status: 304, type, body: '', headers: own };
  return { status: 200, type, body: await readFile(join(folder, `${name}${end}`)), headers: own };
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

const NOT_BUILT: Answer = {
  status: 503,
  type: 'text/plain; charset=utf-8',
  body: 'The page is not there: this program was built without it (npm run build makes it). The API is.\n',
};
