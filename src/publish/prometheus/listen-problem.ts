import { messageOf } from '../../shared/errors.ts';

/** Why metrics cannot be served, and what to do about it. */
export function listenProblem(error: unknown, host: string, port: number): string {
  return `There are no metrics: ${reason(error, host, port)}`;
}

function reason(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return `another program has port ${port} of ${host}. Stop it, or choose another "metrics.port".`;
    case 'EACCES':
      return `this user may not open port ${port}. Choose a "metrics.port" from 1024 upwards.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${host} is no address of this machine. Put "metrics.host" right; "0.0.0.0" is all of them.`;
    default:
      return messageOf(error);
  }
}
