import { describe, expect, it } from 'vitest';
import { inspectConfig } from '../../src/config/load.ts';
import { doorOf } from '../../src/web/door.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('who may see the page', () => {
  it.each([
    ['127.0.0.1', '', 'password', 'open'],
    ['::1', '', 'password', 'open'],
    ['localhost', '', 'password', 'open'],
    ['127.0.0.1', 'warm water', 'password', 'locked'],
    ['0.0.0.0', '', 'password', 'shut'],
    ['192.168.1.7', '', 'password', 'shut'],
    ['0.0.0.0', 'warm water', 'password', 'locked'],
    ['0.0.0.0', '', 'none', 'open'],
    ['localhost.example.com', '', 'password', 'shut'],
    ['127.example.com', '', 'password', 'shut'],
  ] as const)('at %s with the password "%s" and auth %s: it is %s', (host, password, auth, door) => {
    expect(doorOf({ host, password, auth })).toBe(door);
  });

  it('is told where it is nobody, and is no fault: readings matter more', () => {
    const adviceWith = (web: object): readonly string[] => {
      const content = { meters: [{ name: 'House', port: '/dev/none' }], web };
      const { advice, problems } = inspectConfig({
        content,
        environment: {},
        directory: temporaryFolder(),
      });
      expect(problems).toEqual([]);
      return advice;
    };
    expect(adviceWith({ enabled: true, host: '0.0.0.0' })).toEqual([
      expect.stringMatching(/^The page is not shown: .*Set web\.password; or web\.auth to "none"/),
    ]);
    expect(adviceWith({ enabled: true, host: '0.0.0.0', password: 'warm water' })).toEqual([]);
    expect(adviceWith({ enabled: false, host: '0.0.0.0' })).toEqual([]);
  });
});
