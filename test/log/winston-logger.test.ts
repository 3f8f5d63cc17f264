import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLogger, type LoggerOptions, LogTail, renderDetails } from '../../src/log/winston-logger.ts';
import { Secrets } from '../../src/shared/secrets.ts';

describe('log tail', () => {
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
      const before = Date.now();
      logger.info('one');
      const after = Date.now();
      logger.debug('two');
      logger.error('three', { detail: 3 });
      expect(tail.entries).toMatchObject([
        { level: 'info', message: 'one' },
        { level: 'error', message: 'three' },
      ]);
      expect(tail.entries[0]?.time).toBeGreaterThanOrEqual(before);
      expect(tail.entries[0]?.time).toBeLessThanOrEqual(after);
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
});

describe('render details', () => {
  const rendered = (value: unknown): unknown => renderDetails(value, (text) => text).details;

  describe('details', () => {
    it.each([
      ['text', 'text'],
      [1, 1],
      [null, null],
      [12345678901234567890n, '12345678901234567890'],
      [new Uint8Array([0x80, 0x3f, 0x0d]), '803f0d'],
      [new Date(0), '1970-01-01T00:00:00.000Z'],
      [new Map([['a', new Set([1])]]), { a: [1] }],
      [[{ a: [1n] }], [{ a: ['1'] }]],
      [new TypeError('boom'), 'boom'],
      [new RangeError(), 'no reason was given (RangeError)'],
      [new AggregateError([new Error('::1 refused'), '127.0.0.1 refused']), '::1 refused; 127.0.0.1 refused'],
    ])('of %o are plain values', (value, expected) => {
      expect(rendered(value)).toEqual(expected);
    });

    it('may contain themselves', () => {
      const value: Record<string, unknown> = { a: 1 };
      value.self = value;
      expect(rendered(value)).toEqual({ a: 1, self: '[circular]' });
      const error = new Error('loop');
      error.cause = error;
      expect(rendered({ error })).toEqual({ error: 'loop' });
    });

    it('may be of any depth', () => {
      let value: object = {};
      for (let depth = 0; depth < 5000; depth++) value = { value };
      expect(JSON.stringify(rendered(value))).toContain('[too deep]');
    });

    it('may refuse to be read', () => {
      const value = {
        get broken(): never {
          throw new Error('no');
        },
      };
      expect(rendered(value)).toBe('[not printable: no]');
    });
  });
});

describe('winston logger', () => {
  const LOCAL_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/;

  function logging(options: Partial<LoggerOptions> = {}) {
    const stream = new PassThrough();
    const logger = createLogger({ level: 'info', format: 'text', stream, ...options });
    const written = (): string => String(stream.read() ?? '');
    return { logger, written, entry: (): unknown => JSON.parse(written()) };
  }

  describe('the log', () => {
    it('has the time of the place that the configuration names', () => {
      const { logger, written } = logging({ timezone: 'Asia/Kolkata' });
      const before = Date.now();
      logger.info('read');
      const after = Date.now();
      const [time = ''] = written().split(' ');
      expect(time).toMatch(/\+05:30$/);
      expect(Date.parse(time)).toBeGreaterThanOrEqual(before);
      expect(Date.parse(time)).toBeLessThanOrEqual(after);
    });

    it('as text is a line with local time, level and message, written before the call returns', () => {
      const { logger, written } = logging();
      logger.warn('the meter did not answer', { tries: 3 });
      const line = written();
      expect(line).toMatch(/^\S+ warn {2}the meter did not answer\n$/);
      expect(line.split(' ')[0]).toMatch(LOCAL_TIME);
    });

    it('as text has details at debug level only, and stacks on lines of their own', () => {
      const { logger, written } = logging({ level: 'debug' });
      logger.debug('reading', { register: 60, error: new Error('boom') });
      expect(written()).toMatch(
        /^\S+ debug reading {"register":60,"error":"boom"}\n {4}Error: boom\n {8}at .*winston-logger\.test/,
      );
    });

    it('as JSON is one object a line', () => {
      const { logger, entry } = logging({ format: 'json' });
      logger.error('two\nlines', { error: new Error('boom'), message: 'mine', level: 'mine', stack: 'mine' });
      expect(entry()).toEqual({
        time: expect.stringMatching(LOCAL_TIME),
        level: 'error',
        message: 'two\nlines',
        details: { error: 'boom', message: 'mine', level: 'mine', stack: 'mine' },
      });
      logger.info('no details');
      expect(entry()).toEqual({ time: expect.any(String), level: 'info', message: 'no details' });
    });

    it('as JSON has stacks at debug level', () => {
      const { logger, entry } = logging({ format: 'json', level: 'debug' });
      logger.info('x', { error: new Error('outer', { cause: new Error('inner') }) });
      expect(entry()).toMatchObject({
        details: { error: 'outer' },
        stacks: [expect.stringContaining('Error: outer\n'), expect.stringContaining('Error: inner\n')],
      });
    });

    it.each([
      ['error', 1],
      ['warn', 2],
      ['info', 3],
      ['debug', 4],
    ] as const)('at level %s has the entries of that weight', (level, count) => {
      const { logger, written } = logging({ level });
      for (const severity of ['error', 'warn', 'info', 'debug'] as const) logger[severity](severity);
      expect(written().trim().split('\n')).toHaveLength(count);
    });

    it.each(['text', 'json'] as const)('as %s never has a secret, neither plain nor encoded', (format) => {
      const secrets = ['p@ss/"w"ö', 'x y~z!', '', 'abc'];
      const { logger, written } = logging({ format, level: 'debug', secrets: new Secrets(secrets) });
      const url = new URL('mqtt://me@host');
      url.password = 'x y~z!';
      logger.info(
        `p@ss/"w"ö ${encodeURIComponent('p@ss/"w"ö').toLowerCase()} ${url} ${JSON.stringify('p@ss/"w"ö')} abc`,
        {
          'p@ss/"w"ö': encodeURIComponent('x y~z!'),
          list: ['x y~z!'],
          error: new Error('refused x y~z!'),
          url,
        },
      );
      const text = written();
      expect(text).not.toMatch(/w"ö|w%22|y~z|y%20/);
      expect(text).toContain('abc');
      expect(text.match(/\*\*\*/g)?.length).toBeGreaterThanOrEqual(8);
    });

    it('as text lets nobody steer the terminal or forge an entry', () => {
      const { logger, written } = logging();
      logger.info('a\u001b[31m\u0007b\r\n2026 error c\rd');
      expect(written()).toMatch(/ a\\x1b\[31m\\x07b\n {4}2026 error c\\x0dd\n$/);
    });

    it('goes to standard error when told nothing else, with a single listener there however often it is made', () => {
      const before = process.stderr.listenerCount('error');
      createLogger({ level: 'error', format: 'text' }).info('not written');
      createLogger({ level: 'error', format: 'text' }).info('not written');
      expect(process.stderr.listenerCount('error')).toBe(before + 1);
    });

    it('does not end the process when its reader goes away', async () => {
      const reader = spawn('sh', ['-c', 'exec 0<&-; echo closed; sleep 20']);
      onTestFinished(() => void reader.kill());
      await once(reader.stdout, 'data');
      const { logger } = logging({ stream: reader.stdin });
      const closed = new Promise((resolve) => reader.stdin.on('close', resolve));
      logger.info('nobody reads this');
      await closed;
      expect(reader.stdin.errored).toMatchObject({ code: 'EPIPE' });
      logger.info('nor this');
    });
  });
});
