import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { MqttConfig } from '../../src/mqtt/config.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { loadFile, METER, problemsIn, problemsOf } from './support/loading.ts';

function mqttWith(mqtt: object): MqttConfig {
  return loadFile({ meters: [METER], mqtt }).config.mqtt;
}

describe('the broker’s address', () => {
  it.each([
    'mqtt://localhost',
    'mqtts://10.0.0.1:8883',
    'ws://host/mqtt',
    'wss://[::1]:443/mqtt?x=1',
    'MQTT://HOST',
  ])('may be %s, and stays as written', (url) => {
    expect(mqttWith({ url }).url).toBe(url);
  });

  it.each([
    ['localhost:1883', 'must start with mqtt://, mqtts://, ws:// or wss://, such as "mqtt://localhost:1883"'],
    ['', 'must start with mqtt://, mqtts://, ws:// or wss://, such as "mqtt://localhost:1883"'],
    ['tcp://localhost', 'must start with mqtt://, mqtts://, ws:// or wss://, not "tcp://"'],
    ['mqtt://', 'must be like "mqtt://host:1883"'],
    ['mqtt://host:0', 'must be like "mqtt://host:1883"'],
    ['mqtt://host:99999', 'must be like "mqtt://host:1883"'],
    ['mqtt://host ', 'must be like "mqtt://host:1883"'],
    ['mqtt://me:12/3@host', 'has an @ after its host'],
    [1883, 'must be a text in quotation marks, not a number'],
  ])('may not be %j', (url, expected) => {
    const problems = problemsIn({ mqtt: { url } });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`mqtt.url: ${expected}`);
  });

  it('hands its credentials over to username and password', () => {
    expect(mqttWith({ url: 'mqtts://me:p%40ss%2Fw@host:8883/x' })).toMatchObject({
      url: 'mqtts://host:8883/x',
      username: 'me',
      password: 'p@ss/w',
    });
    expect(mqttWith({ url: 'mqtt://me@host' })).toMatchObject({
      url: 'mqtt://host',
      username: 'me',
      password: '',
    });
    expect(mqttWith({ url: 'mqtt://:100%@host' })).toMatchObject({ url: 'mqtt://host', password: '100%' });
    expect(mqttWith({ url: 'mqtt://me:p@ss@host' })).toMatchObject({ url: 'mqtt://host', password: 'p@ss' });
  });

  it('loses its credentials where username and password are set', () => {
    expect(mqttWith({ url: 'mqtt://a:b@host', username: 'me', password: 'mine' })).toMatchObject({
      url: 'mqtt://host',
      username: 'me',
      password: 'mine',
    });
  });
});

describe('a topic', () => {
  it.each(['a', 'a/b', 'Größe 1', 'a$b'])('may be "%s"', (baseTopic) => {
    expect(mqttWith({ baseTopic }).baseTopic).toBe(baseTopic);
  });

  it.each(['+', 'a/#', '/a', 'a/', '$SYS', '$SYS/a'])('may not be %j', (topic) => {
    expect(
      problemsIn({
        mqtt: { baseTopic: topic },
        homeAssistant: { discoveryPrefix: topic, statusTopic: topic },
      }),
    ).toEqual(
      ['mqtt.baseTopic', 'homeAssistant.discoveryPrefix', 'homeAssistant.statusTopic'].map((path) =>
        expect.stringContaining(`${path}: must be a topic without + and #`),
      ),
    );
  });

  it.each([
    'a\0b',
    'a\nb',
    'a\tb',
    '\ud800',
    '\uffff',
  ])('may not be %j, over which brokers hang up', (topic) => {
    expect(problemsIn({ mqtt: { baseTopic: topic } })).toEqual([
      expect.stringContaining(
        'mqtt.baseTopic: must be a topic without line ends and other control characters',
      ),
    ]);
  });

  it('nor may user name and client id', () => {
    expect(problemsIn({ mqtt: { username: 'me\n', clientId: 'a\tb' } })).toEqual([
      'mqtt.username: must be without line ends and other control characters',
      'mqtt.clientId: must be without line ends and other control characters',
    ]);
  });

  it('may not be empty or a number', () => {
    expect(problemsIn({ mqtt: { baseTopic: '' }, homeAssistant: { discoveryPrefix: 5 } })).toEqual([
      'mqtt.baseTopic: must not be empty or left out',
      'homeAssistant.discoveryPrefix: must be a text in quotation marks, not a number',
    ]);
  });
});

describe('a certificate file', () => {
  it('may be given absolutely or from the working directory', () => {
    const directory = temporaryFolder({ 'c.pem': '', 'k.pem': '' });
    const mqtt = { ca: join(directory, 'c.pem'), cert: 'c.pem', key: 'k.pem' };
    const file = join(temporaryFolder({ 'x.json': JSON.stringify({ meters: [METER], mqtt }) }), 'x.json');
    expect(loadFile('', { directory, file }).config.mqtt).toMatchObject(mqtt);
  });

  it('must exist and be a file that can be read', () => {
    const directory = temporaryFolder({ file: '' });
    const ca = join(directory, 'gone.pem');
    const cert = directory;
    const key = join(directory, 'file', 'x');
    expect(problemsIn({ mqtt: { ca, cert, key } })).toEqual([
      `mqtt.ca: the file "${ca}" does not exist`,
      `mqtt.cert: must be the path of a file; "${cert}" is none`,
      `mqtt.key: the file "${key}" cannot be read (ENOTDIR)`,
    ]);
    expect(problemsIn({ mqtt: { ca: true } })).toEqual([expect.stringContaining('not true or false')]);
  });

  it('of our own needs its key, and the key its certificate', () => {
    const directory = temporaryFolder({ 'x.pem': '' });
    const path = join(directory, 'x.pem');
    expect(problemsOf(() => mqttWith({ cert: path }))).toEqual([
      expect.stringMatching(/^mqtt\.key: must be set too/),
    ]);
    expect(problemsOf(() => mqttWith({ key: path }))).toEqual([
      expect.stringMatching(/^mqtt\.cert: must be set too/),
    ]);
  });
});

describe('the topic of kamstrup-402-mqtt', () => {
  it('may be empty, or any topic', () => {
    const valuesTopic = 'kamstrup/values';
    expect(loadFile({ meters: [METER] }).config.compatibility).toEqual({ valuesTopic: '' });
    const { config } = loadFile({ meters: [METER], compatibility: { valuesTopic } });
    expect(config.compatibility).toEqual({ valuesTopic });
  });

  it('may not hold wildcards, nor more than one meter', () => {
    const meters = [METER, { ...METER, name: 'Other', port: 'COM9' }];
    expect(problemsOf(() => loadFile({ meters, compatibility: { valuesTopic: '#' } }))).toEqual([
      expect.stringMatching(/^compatibility\.valuesTopic: must be a topic without/),
      expect.stringMatching(/^compatibility\.valuesTopic: must be empty where there are several meters/),
    ]);
  });
});
