import { describe, expect, it } from 'vitest';
import { loadFile, METER, problemsIn, problemsInMeter, problemsOf } from './support/loading.ts';

describe('structure', () => {
  describe('an unknown key', () => {
    it.each([
      [{ mqqt: {} }, 'mqqt: unknown key; did you mean "mqtt"?'],
      [{ mqtt: { base_topic: 'x' } }, 'mqtt.base_topic: unknown key; did you mean "baseTopic"?'],
      [{ mqtt: { pasword: 'x' } }, 'mqtt.pasword: unknown key; did you mean "password"?'],
      [{ password: 'x' }, 'password: unknown key; did you mean "mqtt.password"?'],
      [{ mqtt: { level: 'x' } }, 'mqtt.level: unknown key; did you mean "log.level"?'],
      [{ log: { file: 'x' } }, 'log.file: unknown key; known here: level, format, timezone'],
      [{ mqtt: { $schema: 'x' } }, /^mqtt\.\$schema: unknown key; known here: enabled, url, username/],
      [{ constructor: 'x' }, /^constructor: unknown key; known here: meters, mqtt/],
    ])('is named with what was probably meant: %j', (keys, expected) => {
      expect(problemsIn(keys)).toEqual([
        typeof expected === 'string' ? expected : expect.stringMatching(expected),
      ]);
    });

    it('is found in a meter too', () => {
      expect(problemsInMeter({ prot: 'x' })).toEqual(['meters[0].prot: unknown key; did you mean "port"?']);
      expect(problemsInMeter({ colour: 1 })).toEqual([
        expect.stringMatching(/^meters\[0\]\.colour: unknown key; known here: name, port, address/),
      ]);
    });

    it('is found even where it would change the prototype', () => {
      const text = `{ "meters": [${JSON.stringify(METER)}], "__proto__": { "polluted": true }, "mqtt": { "__proto__": {} } }`;
      expect(problemsOf(() => loadFile(text))).toEqual([
        expect.stringMatching(/^__proto__: unknown key/),
        expect.stringMatching(/^mqtt\.__proto__: unknown key/),
      ]);
      expect({}).not.toHaveProperty('polluted');
    });
  });

  describe('a wrong shape', () => {
    it.each([
      [{ mqtt: 'mqtt://x' }, 'mqtt: must be an object { ... }, not a text'],
      [{ log: null }, 'log: must be an object { ... }, not null'],
      [{ homeAssistant: false }, 'homeAssistant: must be an object { ... }, not true or false'],
      [{ mqtt: { username: {} } }, 'mqtt.username: must be a text in quotation marks, not an object'],
      [
        { mqtt: { username: { a: { b: 1 } } } },
        'mqtt.username: must be a text in quotation marks, not an object',
      ],
      [{ dataDir: 5 }, 'dataDir: must be a text in quotation marks, not a number'],
      [{ dataDir: ' ' }, 'dataDir: must not be empty or left out'],
      [{ log: { level: ['info'] } }, 'log.level: must be "error" or "warn" or "info" or "debug", not a list'],
      [
        { homeAssistant: { enabled: 'true' } },
        'homeAssistant.enabled: must be true or false (in a file without quotation marks), not "true"',
      ],
      [{ mqtt: { protocolVersion: '5' } }, 'mqtt.protocolVersion: must be 4 or 5, not "5"'],
      [{ mqtt: { protocolVersion: 3 } }, 'mqtt.protocolVersion: must be 4 or 5, not 3'],
      [{ mqtt: { clientId: null } }, 'mqtt.clientId: must be a text in quotation marks, not null'],
    ])('is named with what is allowed: %j', (keys, expected) => {
      expect(problemsIn(keys)).toEqual([expected]);
    });

    it.each([0, 65_536, '8099', 1.5])('of a port is named: %j', (port) => {
      expect(problemsIn({ web: { port } })).toEqual([
        expect.stringMatching(/^web\.port: must be a port number from 1 to 65535, not /),
      ]);
    });

    it.each([
      [METER, 'an object'],
      ['x', 'a text'],
      [null, 'null'],
    ])('of the list of meters is named: %j', (meters, nature) => {
      expect(problemsOf(() => loadFile({ meters }))).toEqual([
        `meters: must be a list [ ... ], not ${nature}`,
      ]);
    });

    it('of one meter is named, without listing what it lacks', () => {
      expect(problemsOf(() => loadFile({ meters: [METER, '/dev/ttyUSB1', []] }))).toEqual([
        'meters[1]: must be an object { ... }, not a text',
        'meters[2]: must be an object { ... }, not a list',
      ]);
    });

    it('of a meter’s key is named once', () => {
      expect(problemsInMeter({ port: { path: '/dev/x' } })).toEqual([
        'meters[0].port: must be a text in quotation marks, not an object',
      ]);
    });
  });
});
