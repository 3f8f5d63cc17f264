import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { type Machine, pageAddress, thisMachine } from '../../src/web/address.ts';
import type { WebConfig } from '../../src/web/config.ts';

const AT_HOME: Machine = { isContainer: false, addresses: ['192.168.1.7', '10.0.0.7'] };
const OFFLINE: Machine = { isContainer: false, addresses: [] };
const IN_CONTAINER: Machine = { isContainer: true, addresses: ['172.17.0.2'] };

function addressOf(web: Partial<WebConfig>, machine = AT_HOME): string | undefined {
  const whole: WebConfig = {
    enabled: true,
    host: '0.0.0.0',
    port: 8099,
    allowedHosts: [],
    password: '',
    auth: 'none',
    publicUrl: '',
    ...web,
  };
  return pageAddress(whole, () => machine);
}

describe('the address of the page', () => {
  it('is nowhere while nobody said whether others may see it', () => {
    expect(addressOf({ auth: 'password' })).toBeUndefined();
    expect(addressOf({ auth: 'password', password: 'warm water' })).toBe('http://192.168.1.7:8099');
  });

  it.each([
    ['is the one that it listens at', { host: '192.168.1.9', port: 80 }, 'http://192.168.1.9:80'],
    ['may be a name', { host: 'pi.lan' }, 'http://pi.lan:8099'],
    ['may be of IPv6', { host: 'fd00::7' }, 'http://[fd00::7]:8099'],
    ['is the first of the machine where it listens at all', {}, 'http://192.168.1.7:8099'],
    ['is that one by IPv6 too', { host: '::' }, 'http://192.168.1.7:8099'],
    ['is the one that somebody named', { publicUrl: 'https://home/heat/' }, 'https://home/heat/'],
    [
      'is the named one behind a proxy on this machine',
      { host: '127.0.0.1', publicUrl: 'https://home/heat/' },
      'https://home/heat/',
    ],
  ])('%s', (_, web, address) => {
    expect(addressOf(web)).toBe(address);
    expect(URL.canParse(address)).toBe(true);
  });

  it.each([
    ['the page is off', { enabled: false, publicUrl: 'https://home/heat/' }, AT_HOME],
    ['it is for this machine only', { host: '127.0.0.1' }, AT_HOME],
    ['it is for this machine only, by IPv6', { host: '::1' }, AT_HOME],
    ['it is for this machine only, by name', { host: 'localhost' }, AT_HOME],
    ['the machine has no network', {}, OFFLINE],
    ['a container has an address that only its machine reaches', {}, IN_CONTAINER],
    ['no browser takes it', { host: 'fe80::1%eth0' }, AT_HOME],
  ])('is none where %s', (_, web, machine) => {
    expect(addressOf(web, machine)).toBeUndefined();
  });

  it('is looked for among the addresses of this machine', () => {
    const all = Object.values(networkInterfaces()).flatMap((each = []) => each.map(({ address }) => address));
    for (const address of thisMachine().addresses) {
      expect(all).toContain(address);
      expect(address).not.toMatch(/^(127|169\.254)\./);
    }
  });
});
