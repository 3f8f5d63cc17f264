import { schedule, validate } from 'node-cron';
import type { Logger } from '../log/logger.ts';

/** Calls `action` at the times of a cron expression; the returned function ends it. */
export type Schedule = (expression: string, timezone: string, action: () => void) => () => void;

/** `timezone`: an IANA name, or empty for the system's. */
export function cronSchedule(logger: Logger): Schedule {
  const cronLogger = {
    debug: (message: string | Error) => logger.debug(`cron: ${message}`),
    info: (message: string) => logger.debug(`cron: ${message}`),
    warn: (message: string) => logger.debug(`cron: ${message}`),
    error: (message: string | Error) => logger.error(`cron: ${message}`),
  };
  return (expression, timezone, action) => {
    const task = schedule(expression, action, {
      logger: cronLogger,
      noOverlap: true,
      ...(timezone && { timezone }),
    });
    return () => void task.destroy();
  };
}

/** Five or six fields, as node-cron reads them. */
export function isCronExpression(expression: string): boolean {
  return validate(expression);
}
