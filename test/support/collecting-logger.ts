import type { Logger } from '../../src/shared/logger.ts';
import type { SafeText } from '../../src/shared/secrets.ts';
import { safe } from './safe-text.ts';

type Level = Exclude<keyof Logger, 'withoutSecrets'>;

/** Keeps what was said, by level. */
export class CollectingLogger implements Logger {
  readonly lines: Array<{ readonly level: Level; readonly message: string }> = [];

  debug(message: string): void {
    this.lines.push({ level: 'debug', message });
  }

  info(message: string): void {
    this.lines.push({ level: 'info', message });
  }

  warn(message: string): void {
    this.lines.push({ level: 'warn', message });
  }

  error(message: string): void {
    this.lines.push({ level: 'error', message });
  }

  withoutSecrets(text: string): SafeText {
    return safe(text);
  }

  /** Messages of a level, in order. */
  said(level: Level): string[] {
    return this.lines.filter((line) => line.level === level).map(({ message }) => message);
  }

  /** Every line as `level message`. */
  get all(): string[] {
    return this.lines.map(({ level, message }) => `${level} ${message}`);
  }

  /** What a log at its usual level has. */
  get told(): string[] {
    return this.all.filter((line) => !line.startsWith('debug'));
  }

  matching(pattern: RegExp): string[] {
    return this.all.filter((line) => pattern.test(line));
  }
}
