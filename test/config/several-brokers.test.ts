import { describe, expect, it } from 'vitest';
import { redactConfig, secretsOf } from '../../src/config/keys.ts';
import { brokersIn } from '../../src/mqtt/broker-list.ts';
import { load, loadFile, loadOptions, METER, problemsIn, problemsOf } from './support/loading.ts';

const ONE_METER = { METER_PORT: '/dev/ttyUSB0', METER_NAME: 'Heat' };
const B = { url: 'mqtts://b:8883', username: '', password: '' };
const BOTH = [{ url: 'mqtt://a', username: '', password: '' }, B];

describe('several brokers', () => {
  it('are a list in the file', () => {
    const { config } = loadFile({ meters: [METER], mqtt: { url: ['mqtt://a', 'mqtts://b:8883'] } });
    expect(config.mqtt.url).toEqual(BOTH);
    expect(redactConfig(config)).toMatchObject({ mqtt: { url: ['mqtt://a', 'mqtts://b:8883'] } });
  });

  it.each([
    'mqtt://a,mqtts://b:8883',
    ' mqtt://a , mqtts://b:8883 ',
  ])('are a text with commas in the environment: "%s"', (url) => {
    expect(load({ environment: { ...ONE_METER, MQTT_URL: url } }).config.mqtt.url).toEqual(BOTH);
  });

  it('are such a text in the form of the add-on, and in the file', () => {
    const { loaded } = loadOptions({ meters: [], mqtt: { url: 'mqtt://a, mqtts://b:8883' } });
    expect(loaded().config.mqtt.url).toEqual(BOTH);
    expect(loaded().namesBroker).toBe(true);
    const inFile = loadFile({ meters: [METER], mqtt: { url: 'mqtt://a, mqtts://b:8883' } });
    expect(inFile.config.mqtt.url).toEqual(BOTH);
  });

  it('are one where the list has one', () => {
    const { config } = loadFile({ meters: [METER], mqtt: { url: ['mqtt://me:secret@a'] } });
    expect(config.mqtt).toMatchObject({ url: 'mqtt://a', username: 'me', password: 'secret' });
  });

  it('are not made of a password with a comma', () => {
    const { config } = loadFile({ meters: [METER], mqtt: { url: 'mqtt://me:p,w@host' } });
    expect(config.mqtt).toMatchObject({ url: 'mqtt://host', username: 'me', password: 'p,w' });
  });

  it('each have the credentials in their own address, unless the keys name some for all', () => {
    const url = ['mqtt://me:one%2F@a', 'mqtt://b', 'wss://you@c/mqtt'];
    const accesses = (mqtt: object) => {
      const { config } = loadFile({ meters: [METER], mqtt: { url, ...mqtt } });
      return brokersIn(config.mqtt).map(({ username, password }) => [username, password]);
    };
    expect(accesses({})).toEqual([
      ['me', 'one/'],
      ['', ''],
      ['you', ''],
    ]);
    expect(accesses({ username: 'us', password: 'ours' })).toEqual(url.map(() => ['us', 'ours']));
  });

  it('hide what is secret in each address', () => {
    const url = ['mqtt://me:first-secret@a', 'wss://b/mqtt?token=other-secret', 'mqtt://you@c'];
    const { config } = loadFile({ meters: [METER], mqtt: { url } });
    expect(redactConfig(config)).toMatchObject({
      mqtt: { url: ['mqtt://me:***@a', 'wss://b/mqtt?***', 'mqtt://you@c'] },
    });
    expect(secretsOf(config)).toEqual(['first-secret', 'token=other-secret']);
  });
});

describe('what is wrong with one of several', () => {
  it.each([
    [
      ['mqtt://a', 'tcp://me:hunter2@b'],
      '[1]: must start with mqtt://, mqtts://, ws:// or wss://, not "tcp://"',
    ],
    [['mqtt://a', 'mqtt://b', 7], '[2]: must be a text in quotation marks, not a number'],
    [['a:1883', 'mqtt://b:0'], '[0]: must start with'],
    [['mqtt://a', ''], '[1]: must start with'],
    ['mqtt://a, mqtt://b:99999', '[1]: must be like "mqtt://host:1883"'],
    ['mqtt://a:1883,b:1883', ': has a comma in its host: each of several addresses begins with its scheme'],
    ['mqtt://a,', ': has a comma in its host'],
    [[], ': must name a broker, or be left out'],
    [{ first: 'mqtt://a' }, ': must be a text in quotation marks, not an object'],
  ])('is said with its place: %j', (url, expected) => {
    expect(problemsIn({ mqtt: { url } })).toEqual([expect.stringContaining(`mqtt.url${expected}`)]);
    expect(problemsIn({ mqtt: { url } }).join()).not.toContain('hunter2');
  });

  it('is said with where it was written', () => {
    const environment = { ...ONE_METER, MQTT_URL: 'mqtt://a,http://b' };
    expect(problemsOf(() => load({ environment }))).toEqual([
      expect.stringMatching(/^mqtt\.url\[1\] \(MQTT_URL\): must start with mqtt/),
    ]);
    expect(problemsOf(loadOptions({ meters: [], mqtt: { url: 'mqtt://a,http://b' } }).loaded)).toEqual([
      expect.stringMatching(/^mqtt\.url\[1\]: must start with mqtt/),
    ]);
  });
});
