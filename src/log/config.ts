import { key } from '../schema/key.ts';
import { oneOf, timezone } from '../schema/validators.ts';

export const logKeys = {
  level: key('How much is logged.', oneOf(['error', 'warn', 'info', 'debug']), 'info', {
    addon: 'log_level',
  }),
  format: key('Lines for people or for programs.', oneOf(['text', 'json']), 'text', { addon: false }),
  timezone: key("Time zone of the log; empty: the system's.", timezone, '', { addon: false }),
};
