import { key } from '../schema/key.ts';
import { oneOf, timezone } from '../schema/validators.ts';

export const logKeys = {
  level: key(
    'How much is logged; `debug` before asking for help.',
    oneOf(['error', 'warn', 'info', 'debug']),
    'info',
    {
      addon: 'log_level',
    },
  ),
  format: key('Lines for people, or JSON for programs.', oneOf(['text', 'json']), 'text', { addon: false }),
  timezone: key("Time zone of the log, such as `UTC`; empty: the machine's.", timezone, '', { addon: false }),
};
