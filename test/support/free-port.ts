import { createServer } from 'node:net';

/**
 * Below the ports that systems give away by themselves, so that nobody takes one while its owner is away. Each of the
 * processes that run tests side by side has its own share of them.
 */
const FIRST = 20_000;
const SHARE = 500;
const SHARES = 20;
/** Who asks for two wants two. */
const given = new Set<number>();
const first = FIRST + SHARE * (Number(process.env.VITEST_POOL_ID ?? 0) % SHARES);

/** A port that nobody listens at, for programs that must be told one. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = first + Math.floor(Math.random() * SHARE);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
