import { describe, expect, it } from 'vitest';
import { OUTPUTS } from '../../src/outputs/all.ts';
import { essentialsOf, faultOf, flagOf, OFFERED, sectionOf, wayOf } from '../../src/setup/essentials.ts';
import { faultsOf } from '../../src/setup/save.ts';

const TEXTS: Readonly<Record<string, string>> = {
  url: 'http://host:8086',
  database: 'heat',
  bucket: 'heat',
  token: 'a-token',
  devices: 'heat_energy=12, power=13',
};
const BASE = { meters: [{ name: 'Heat', port: 'tcp://host:1' }] };
const WAYS = OFFERED.flatMap((output) => output.ways.map((way) => ({ output, way, label: way.label })));

describe('the outputs that a set-up offers', () => {
  it('are all that there are', () => {
    expect(OFFERED.map(({ name }) => name).sort()).toEqual(OUTPUTS.map(({ name }) => name).sort());
  });

  it.each(WAYS)('work with what is asked: $label', ({ output, way }) => {
    const faults = way.essentials.map((one) => faultOf(output.name, one, TEXTS[one.name] ?? ''));
    expect(faults.filter((fault) => fault !== undefined)).toEqual([]);
    const section = sectionOf(output, way, TEXTS);
    expect(faultsOf('/nowhere/multical2mqtt.json', { ...BASE, [output.name]: section })).toEqual([]);
  });

  it('say of what is wrong what it must be', () => {
    const influxdb = OFFERED.find(({ name }) => name === 'influxdb');
    const url = influxdb && essentialsOf(influxdb).find(({ name }) => name === 'url');
    expect(url && faultOf('influxdb', url, 'ftp://host')).toMatch(/^It must .*http/);
    expect(faultOf('influxdb', { name: 'token', question: 'Token' }, ' ')).toBe('It must not be empty.');
  });

  it('can go another way without contradicting the one before', () => {
    const influxdb = OFFERED.find(({ name }) => name === 'influxdb');
    const old = influxdb && wayOf(influxdb, ['database']);
    const section = influxdb && old && sectionOf(influxdb, old, TEXTS);
    expect(section).toMatchObject({ database: 'heat', bucket: '', org: '', token: '' });
    expect(influxdb && wayOf(influxdb, ['database', 'bucket'])).toBeUndefined();
  });

  it('have a flag each, a secret one that of a file', () => {
    const flags = OFFERED.flatMap((output) =>
      essentialsOf(output).map(({ name }) => flagOf(output.name, name)),
    );
    expect(flags).toContain('--influxdb-token-file');
    expect(flags).toContain('--webhook-url-file');
    expect(flags).toContain('--csv-directory');
    expect(new Set(flags).size).toBe(flags.length);
  });
});
