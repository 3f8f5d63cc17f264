import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { groupOf } from '../../src/setup/port-group.ts';
import { hasSystemd, replaceUnit, unitCommands, unitFor } from '../../src/setup/unit.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SHIPPED = readFileSync(resolve(import.meta.dirname, '../../systemd/multical2mqtt.service'), 'utf8');
const PLAIN = {
  shipped: SHIPPED,
  configPath: '/srv/50% of it/multical2mqtt.json',
  content: {},
  node: '/usr/bin/node',
  program: '/usr/lib/node_modules/multical2mqtt/dist/main.js',
  user: 'anna',
  group: undefined,
};

/** What the unit has otherwise than the shipped one. */
function changes(unit: string): readonly string[] {
  const old = SHIPPED.split('\n');
  return unit.split('\n').filter((line) => !old.includes(line));
}

describe('the unit of a set-up', () => {
  it('is the shipped one with the paths of this installation and configuration', () => {
    expect(changes(unitFor(PLAIN))).toEqual([
      // biome-ignore lint/suspicious/noTemplateCurlyInString: systemd puts it in
      'ExecStart=/usr/bin/node --optimize-for-size --semi-space-growth-factor=1 --single-threaded /usr/lib/node_modules/multical2mqtt/dist/main.js run --config "${CREDENTIALS_DIRECTORY}/config.json"',
      'LoadCredential=config.json:/srv/50%% of it/multical2mqtt.json',
    ]);
  });

  it('runs as its owner where nobody else sees the program', () => {
    const unit = unitFor({ ...PLAIN, program: '/home/anna/my bridge/dist/main.js' });
    expect(unit).toMatch(/^User=anna$/m);
    expect(unit).toMatch(/^ProtectHome=read-only$/m);
    expect(unit).not.toMatch(/^DynamicUser/m);
    expect(unit).toContain('"/home/anna/my bridge/dist/main.js"');
  });

  it('lets the service to its port, and to the folder of its files', () => {
    const content = { csv: { enabled: true, directory: '/srv/multical' } };
    expect(changes(unitFor({ ...PLAIN, content, group: 'uucp' }))).toEqual(
      expect.arrayContaining(['ReadWritePaths=/srv/multical', 'SupplementaryGroups=uucp']),
    );
  });

  it('is offered only where there is systemd', () => {
    expect([hasSystemd('linux', true), hasSystemd('linux', false), hasSystemd('darwin', true)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('is put in its place by commands that take any path', () => {
    expect(unitCommands("/tmp/anna's/unit")[0]).toContain(`'/tmp/anna'\\''s/unit'`);
  });
});

describe('the group of a port', () => {
  it('is the one that its number stands for', () => {
    const gid = process.getgid?.() ?? 0;
    const folder = temporaryFolder({ port: '', group: `dialout:x:${gid}:\n` });
    expect(groupOf(`${folder}/port`, `${folder}/group`)).toBe('dialout');
  });

  it('is none where only root may, and where there is no such port', () => {
    const gid = process.getgid?.() ?? 0;
    const folder = temporaryFolder({ port: '', group: `root:x:${gid}:\n` });
    expect(groupOf(`${folder}/port`, `${folder}/group`)).toBeUndefined();
    expect(groupOf(`${folder}/missing`)).toBeUndefined();
  });
});

it('a unit that was there, and is another, stays beside the new one', () => {
  const path = join(temporaryFolder({ 'bridge.service': 'by hand' }), 'bridge.service');
  replaceUnit('new', path);
  expect([readFileSync(path, 'utf8'), readFileSync(`${path}.before-setup`, 'utf8')]).toEqual([
    'new',
    'by hand',
  ]);
  const first = join(temporaryFolder(), 'bridge.service');
  for (const _ of ['at first', 'once more']) replaceUnit('new', first);
  expect([readFileSync(first, 'utf8'), existsSync(`${first}.before-setup`)]).toEqual(['new', false]);
});
