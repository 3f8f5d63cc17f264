import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { noAnswers } from '../../src/setup/answers.ts';
import { Draft } from '../../src/setup/draft.ts';
import { faultsOf, save, shown } from '../../src/setup/save.ts';
import { targetOf } from '../../src/setup/target.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const REAL = '{"meters":[{"name":"Heat","port":"/dev/ttyUSB0"}]}';
const EXAMPLE = '{"meters":[{"port":"/dev/serial/by-id/usb-REPLACE-ME"}]}';

function targetIn(directory: string, file?: string) {
  const system = join(directory, 'nowhere');
  return targetOf({ file, environment: { HOME: join(directory, 'home') }, directory, systemFolder: system });
}

function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}

describe('the file that a set-up writes', () => {
  it('is the ignored one where there is none yet', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'multical2mqtt.json');
    expect(targetIn(folder)).toEqual({ path, current: {}, from: null });
  });

  it('is the one in use', () => {
    const folder = temporaryFolder({ 'config.json': REAL });
    const path = join(folder, 'config.json');
    expect(targetIn(folder)).toEqual({ path, current: JSON.parse(REAL), from: path });
  });

  it('is never the one that Git follows, whose content goes on in the ignored one', () => {
    const folder = temporaryFolder({ 'config.json': REAL });
    mkdirSync(join(folder, '.git'));
    expect(targetIn(folder)).toEqual({
      path: join(folder, 'multical2mqtt.json'),
      current: JSON.parse(REAL),
      from: join(folder, 'config.json'),
    });
  });

  it('is not the example of the program, in which nothing is worth keeping', () => {
    const folder = temporaryFolder({ 'config.json': EXAMPLE });
    const path = join(folder, 'multical2mqtt.json');
    expect(targetIn(folder)).toEqual({ path, current: {}, from: null });
  });

  it('is the named one, there or not', () => {
    const folder = temporaryFolder({ 'config.json': REAL });
    const path = join(folder, 'other.json');
    expect(targetIn(folder, 'other.json')).toEqual({ path, current: {}, from: null });
  });

  it('is not written over where it cannot be read', () => {
    const folder = temporaryFolder({ 'multical2mqtt.json': '{"meters": [' });
    expect(() => targetIn(folder)).toThrow(/multical2mqtt\.json/);
  });

  it('is not the form of Home Assistant', () => {
    const folder = temporaryFolder({ 'options.json': '{}' });
    const environment = { SUPERVISOR_TOKEN: 'x', SUPERVISOR_OPTIONS: join(folder, 'options.json') };
    expect(() => targetOf({ file: undefined, environment, directory: folder })).toThrow(/tab Configuration/);
  });
});

describe('what is written', () => {
  it('is whole, and for its owner alone, whatever was there before', () => {
    const folder = temporaryFolder({ 'multical2mqtt.json': REAL });
    const target = targetIn(folder);
    chmodSync(target.path, 0o644);
    save(target, { meters: [] });
    expect([modeOf(target.path), JSON.parse(readFileSync(target.path, 'utf8'))]).toEqual([
      0o600,
      { meters: [] },
    ]);
  });

  it('leaves comments in a copy of what was there', () => {
    const text = '{ // mine\n "meters": [{"name":"Heat","port":"tcp://host:1"}] }';
    const folder = temporaryFolder({ 'multical2mqtt.json': text });
    const target = targetIn(folder);
    save(target, { ...target.current, language: 'da' });
    const kept = `${target.path}.before-setup`;
    expect([readFileSync(kept, 'utf8'), modeOf(kept)]).toEqual([text, 0o600]);
    const plain = targetIn(temporaryFolder({ 'multical2mqtt.json': '{"meters":[{"port":"tcp://host:1"}]}' }));
    save(plain, { ...plain.current, language: 'da' });
    expect(() => statSync(`${plain.path}.before-setup`)).toThrow();
  });

  it('is nothing where nothing changes, comments and all, but for whose eyes it is', () => {
    const text = '{ // mine\n "meters": [{"name":"Heat","port":"tcp://host:1"}] }';
    const target = targetIn(temporaryFolder({ 'multical2mqtt.json': text }));
    chmodSync(target.path, 0o644);
    save(target, { meters: [{ name: 'Heat', port: 'tcp://host:1' }] });
    expect([readFileSync(target.path, 'utf8'), modeOf(target.path)]).toEqual([text, 0o600]);
    expect(() => statSync(`${target.path}.before-setup`)).toThrow();
  });

  it('says where it cannot be written, and what to do', () => {
    const folder = temporaryFolder({ file: '' });
    const path = join(folder, 'file', 'multical2mqtt.json');
    const said = `Cannot write ${path}: `;
    expect(() => save({ path, current: {}, from: null }, { meters: [] })).toThrow(said);
    expect(() => new Draft(path).keep(noAnswers())).toThrow(
      /Cannot write .*setup-draft: .* --config names a file/,
    );
  });

  it('is shown without a secret', () => {
    const text = shown({
      mqtt: { url: 'mqtt://me:hunter2-a@host', password: 'hunter2-b' },
      webhook: { url: 'https://host/hunter2-c' },
      influxdb: { token: 'hunter2-d', password: '' },
    });
    expect(text).not.toContain('hunter2');
    expect(JSON.parse(text)).toMatchObject({ mqtt: { url: 'mqtt://***@host' }, influxdb: { password: '' } });
  });

  it('is judged by the schema of the program', () => {
    const path = join(temporaryFolder(), 'multical2mqtt.json');
    const meter = { name: 'Heat', port: 'tcp://host:1', schedule: 'live' };
    expect(faultsOf(path, { meters: [meter] })).toEqual([
      expect.stringMatching(/^meters\[0\]\.schedule: "live"/),
    ]);
    expect(faultsOf(path, { meters: [{ ...meter, schedule: 'hourly' }] })).toEqual([]);
  });
});

describe('the draft', () => {
  it('is for its owner alone, comes back, and goes', () => {
    const draft = new Draft(join(temporaryFolder(), 'multical2mqtt.json'));
    expect(draft.read()).toBeUndefined();
    const answers = { ...noAnswers(), broker: { url: 'mqtt://host', password: 'hunter2' } };
    draft.keep(answers);
    expect([draft.read(), modeOf(draft.path)]).toEqual([answers, 0o600]);
    draft.remove();
    expect(draft.read()).toBeUndefined();
  });

  it.each(['', '{"meters": 1}', '[]', '{"meters":[null],"outputs":{}}'])('is none where it is %j', (text) => {
    const draft = new Draft(join(temporaryFolder(), 'multical2mqtt.json'));
    writeFileSync(draft.path, text);
    expect(draft.read()).toBeUndefined();
  });
});
