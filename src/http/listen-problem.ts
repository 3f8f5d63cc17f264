import { messageOf } from '../shared/errors.ts';
import { ITSELF, listenerAtPort } from '../shared/holders.ts';

/** Explains why nothing is served there, and what to do about it. `section`: of the configuration. */
export function listenProblem(
  error: unknown,
  host: string,
  port: number,
  section: 'metrics' | 'web',
): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return portTaken(listenerAtPort(port), `port ${port} of ${host}`, `${section}.port`);
    case 'EACCES':
      return `this user may not open port ${port}. Choose a "${section}.port" from 1024 upwards.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${host} is no address of this machine. Put "${section}.host" right; "0.0.0.0" is all of them.`;
    default:
      return messageOf(error);
  }
}

function portTaken(who: string, what: string, key: string): string {
  return who === ITSELF
    ? `${who} has ${what} already. Choose another "${key}".`
    : `${who} has ${what}. Stop it, or choose another "${key}".`;
}
