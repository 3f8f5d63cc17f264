import { onTestFinished } from 'vitest';
import { LocalServer, type LocalServerOptions } from '../../../src/http/server.ts';
import { type Clock, systemClock } from '../../../src/shared/clock.ts';
import { messageOf } from '../../../src/shared/errors.ts';
import { eventually } from '../../support/eventually.ts';

/** A server at a free port of this machine, until the test ends. */
export async function serving(changed: Partial<LocalServerOptions> = {}, clock: Clock = systemClock) {
  const failures: string[] = [];
  const server = new LocalServer(
    {
      host: '127.0.0.1',
      port: 0,
      hosts: [],
      routes: {
        '/plain': () => ({ status: 200, type: 'text/plain; version=1', body: 'here' }),
        '/later': () => Promise.resolve({ status: 200, type: 'text/plain', body: 'in the end' }),
        '/broken': () => {
          throw new Error('with a secret');
        },
      },
      listening: () => {},
      failed: (error) => failures.push(messageOf(error)),
      ...changed,
    },
    clock,
  );
  server.start();
  onTestFinished(() => server.stop());
  const port = await eventually(() => server.port);
  return { server, port, failures, url: `http://127.0.0.1:${port}` };
}
