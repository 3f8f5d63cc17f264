import { get } from 'node:http';
import { hostname } from 'node:os';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { isOurs, nameIn } from '../../src/http/host-name.ts';
import { serving } from './support/serving.ts';

describe('the name that somebody asks for', () => {
  it.each([
    ['localhost', 'localhost'],
    ['LocalHost:8099', 'localhost'],
    ['heat.example.com.:80', 'heat.example.com'],
    ['192.168.1.10:8099', '192.168.1.10'],
    ['[fe80::1]:8099', 'fe80::1'],
    ['[::1]', '::1'],
    ['', undefined],
    ['a b', undefined],
    ['a@b', undefined],
    ['evil.example/:80', undefined],
  ])('of %j is %j', (host, name) => {
    expect(nameIn(host)).toBe(name);
  });

  it.each([
    'localhost',
    '127.0.0.1',
    'fe80::1',
    'multical2mqtt',
    'a0d7b954-multical2mqtt',
    'homeassistant.local',
    'pi.lan',
    'pi.home.arpa',
    'pi.fritz.box',
    hostname().toLowerCase(),
    'heat.example.com',
  ])('is ours: %s', (name) => {
    expect(isOurs(name, ['Heat.example.com'])).toBe(true);
  });

  it.each([
    'evil.example',
    'local.evil.example',
    'x.heat.example.com',
    'evillocal.com',
    'notfritz.box.com',
  ])('is not ours: %s', (name) => {
    expect(isOurs(name, ['heat.example.com'])).toBe(false);
  });
});

describe('a page that is asked for under a name of somebody else', () => {
  async function asking(url: string, host: string): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      get(url, { headers: { host } }, (answer) => {
        text(answer).then((body) => resolve({ status: answer.statusCode ?? 0, body }), reject);
      }).on('error', reject);
    });
  }

  it('is not given, and each name is told once, but not for ever', async () => {
    const told: string[] = [];
    const { url } = await serving({ hosts: ['heat.example.com'], misdirected: (name) => told.push(name) });
    expect(await asking(`${url}/plain`, 'heat.example.com')).toMatchObject({ status: 200, body: 'here' });
    for (const _ of [1, 2]) {
      const { status, body } = await asking(`${url}/plain`, 'evil.example:80');
      expect(status).toBe(421);
      expect(body).not.toContain('here');
      expect(body).toContain('allowedHosts');
    }
    expect(told).toEqual(['evil.example']);
    for (let each = 0; each < 20; each++) await asking(`${url}/plain`, `${each}.evil.example`);
    expect(told).toHaveLength(5);
    expect((await asking(`${url}/plain`, 'a b')).status).toBe(421);
  });

  it('is given where a name is no danger', async () => {
    const { url } = await serving({ hosts: 'any' });
    expect(await asking(`${url}/plain`, 'my.home.example')).toMatchObject({ status: 200 });
  });
});
