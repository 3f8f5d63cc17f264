import { describe, expect, it } from 'vitest';
import {
  listenerAtPath,
  listenerAtPort,
  listeningInodes,
  openerOf,
  type ProcessFiles,
} from '../../src/shared/holders.ts';

const HEAD =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const TCP = [
  HEAD,
  '   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0000 100 0 0 10 0',
  // Connected, not listening.
  '   1: 0100007F:2568 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 4712 1 0000 20 4 30 10 -1',
].join('\n');
const TCP6 = [
  HEAD,
  '   0: 00000000000000000000000000000000:2568 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0 100 0 0 10 0',
].join('\n');
const UNIX = [
  'Num       RefCount Protocol Flags    Type St Inode Path',
  '0000: 00000002 00000000 00010000 0001 01 4714 /data/health.sock',
].join('\n');

/** What a path holds: a text, the target of a link, or a folder. */
function files(tree: Readonly<Record<string, string | readonly string[]>>): ProcessFiles {
  const at = <T>(path: string, is: (value: unknown) => value is T): T => {
    const value: unknown = tree[path];
    if (!is(value)) throw new Error(`ENOENT ${path}`);
    return value;
  };
  const isText = (value: unknown): value is string => typeof value === 'string';
  return {
    list: (path) => at(path, (value): value is readonly string[] => Array.isArray(value)),
    read: (path) => at(path, isText),
    link: (path) => at(path, isText),
  };
}

const WORLD = files({
  '/proc': ['1', 'net', '900', '812', 'self', '20'],
  '/proc/net/tcp': TCP,
  '/proc/net/tcp6': TCP6,
  '/proc/net/unix': UNIX,
  // Process 20 belongs to somebody else: its folder `fd` cannot be listed.
  '/proc/1/fd': ['0'],
  '/proc/1/fd/0': '/dev/null',
  '/proc/812/fd': ['3', '4'],
  '/proc/812/fd/3': 'socket:[4711]',
  '/proc/812/fd/4': '/dev/ttyUSB7',
  '/proc/812/cmdline': '/usr/bin/node\0/opt/zigbee2mqtt/index.js\0--password\0hunter2-s3cret\0',
  '/proc/900/fd': ['5', '6'],
  '/proc/900/fd/5': 'socket:[4711]',
  '/proc/900/fd/6': 'socket:[4714]',
  '/proc/900/cmdline': 'nginx: worker process\0',
});

describe('who listens', () => {
  it('is found in the tables of both families', () => {
    expect(listeningInodes(`${TCP}\n${TCP6}`, 8080)).toEqual(['4711']);
    expect(listeningInodes(`${TCP}\n${TCP6}`, 0x2568)).toEqual(['4713']);
  });

  it('is named by program and number, and never with the rest of its command line', () => {
    expect(listenerAtPort(8080, WORLD)).toBe('node index.js (process 812) or nginx (process 900)');
    expect(listenerAtPath('/data/health.sock', WORLD)).toBe('nginx (process 900)');
  });

  it('is told apart where it is this program itself', () => {
    const pid = String(process.pid);
    const ours = files({
      '/proc': ['1', pid],
      '/proc/net/tcp': TCP,
      '/proc/1/fd': ['3'],
      '/proc/1/fd/3': 'socket:[4711]',
      '/proc/1/cmdline': 'node\0',
      [`/proc/${pid}/fd`]: ['3'],
      [`/proc/${pid}/fd/3`]: 'socket:[4711]',
      [`/proc/${pid}/cmdline`]: 'node\0',
    });
    expect(listenerAtPort(8080, ours)).toBe('this program itself');
  });

  it('is another program where it belongs to somebody else, or where the system tells nothing', () => {
    expect(listenerAtPort(0x2568, WORLD)).toBe('another program');
    expect(listenerAtPort(8080, files({}))).toBe('another program');
    expect(listenerAtPath('/data/other.sock', WORLD)).toBe('another program');
  });
});

describe('who has a device open', () => {
  it('is named', () => {
    expect(openerOf('/dev/ttyUSB7', WORLD)).toBe('node index.js (process 812)');
    expect(openerOf('/dev/ttyUSB8', WORLD)).toBeUndefined();
  });
});
