import type { SafeText } from './secrets.ts';

/** Details go into the JSON form of the log; the message alone must tell a person enough. */
export interface Logger {
  debug(message: string, details?: Readonly<Record<string, unknown>>): void;
  info(message: string, details?: Readonly<Record<string, unknown>>): void;
  warn(message: string, details?: Readonly<Record<string, unknown>>): void;
  error(message: string, details?: Readonly<Record<string, unknown>>): void;
  /** The words as the log would show them, for those that leave the program by another way. */
  withoutSecrets(text: string): SafeText;
}
