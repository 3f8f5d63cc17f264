import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { LogTail } from '../../src/log/log-tail.ts';
import { Secrets } from '../../src/log/secrets.ts';
import { createLogger } from '../../src/log/winston-logger.ts';

function logging() {
  const tail = new LogTail();
  const secrets = new Secrets(['first-secret']);
  const stream = new PassThrough();
  const logger = createLogger({ level: 'info', format: 'json', stream, secrets, tail });
  return { tail, secrets, logger, written: () => String(stream.read() ?? '') };
}

describe('the tail of the log', () => {
  it('has what was logged, oldest first, and nothing below the level', () => {
    const { tail, logger } = logging();
    logger.info('one');
    logger.debug('two');
    logger.error('three', { detail: 3 });
    expect(tail.entries).toMatchObject([
      { level: 'info', message: 'one' },
      { level: 'error', message: 'three' },
    ]);
    expect(Math.abs((tail.entries[0]?.time ?? 0) - Date.now())).toBeLessThan(5_000);
  });

  it('and the log have no secrets, those included that became known later', () => {
    const { tail, secrets, logger, written } = logging();
    secrets.add('second-secret');
    secrets.add('second-secret');
    logger.warn('first-secret and second-secret', { also: 'second-secret' });
    expect(tail.entries[0]?.message).toBe('*** and ***');
    expect(written()).not.toMatch(/-secret/);
  });

  it('stays short', () => {
    const { tail, logger } = logging();
    for (let line = 0; line < 500; line++) logger.info(`${line} ${'x'.repeat(5_000)}`);
    expect(tail.entries).toHaveLength(200);
    expect(tail.entries[0]?.message).toMatch(/^300 x+\.\.\.$/);
    expect(tail.entries[0]?.message.length).toBeLessThan(1_100);
  });
});
