import { Multical2MqttError } from '../shared/errors.ts';

export const EXIT = { done: 0, failed: 1, usage: 2, noAnswer: 3 } as const;

/** What the shell is told of an error. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof Multical2MqttError)) return EXIT.failed;
  if (error.code === 'usage' || error.code === 'config') return EXIT.usage;
  return error.code === 'no-answer' ? EXIT.noAnswer : EXIT.failed;
}
