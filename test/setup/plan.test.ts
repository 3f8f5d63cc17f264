import { describe, expect, it } from 'vitest';
import { noAnswers } from '../../src/setup/answers.ts';
import { missingFlags } from '../../src/setup/missing.ts';
import { planned } from '../../src/setup/plan.ts';

const CURRENT = {
  $schema: 'https://example.org/schema.json',
  language: 'da',
  meters: [
    { name: 'Heat', port: '/dev/ttyUSB0', address: 63, gasEquivalent: 28, schedule: '5 * * * *' },
    { name: 'Cabin', port: 'tcp://cabin:2000' },
  ],
  mqtt: { url: 'mqtt://old:1883', username: 'me', password: 'old', baseTopic: 'meters' },
  influxdb: { enabled: true, url: 'http://influx:8086', bucket: 'b', org: 'o', token: 't', measurement: 'm' },
};

describe('the planned configuration', () => {
  it('is the present one where nothing was answered', () => {
    expect(planned(CURRENT, noAnswers())).toEqual(CURRENT);
  });

  it('changes one meter, adds another, and keeps what was not asked about', () => {
    const { meters } = planned(CURRENT, {
      ...noAnswers(),
      meters: [
        { of: 'Heat', name: 'House', port: '/dev/ttyUSB1', powering: 'battery', schedule: 'hourly' },
        { of: null, name: 'Flat', port: '/dev/ttyUSB2', powering: 'mains', schedule: 'live' },
      ],
    });
    expect(meters).toEqual([
      { name: 'House', port: '/dev/ttyUSB1', address: 63, gasEquivalent: 28, schedule: 'hourly' },
      { name: 'Cabin', port: 'tcp://cabin:2000' },
      { name: 'Flat', port: '/dev/ttyUSB2', schedule: 'live', mainsPowered: true },
    ]);
  });

  it('changes a meter that has no name by the one that the bridge gives it', () => {
    const current = { meters: [{ port: '/dev/a', address: 7 }] };
    const { meters } = planned(current, {
      ...noAnswers(),
      meters: [{ of: 'Heat meter', schedule: 'daily' }],
    });
    expect(meters).toEqual([{ port: '/dev/a', address: 7, schedule: 'daily' }]);
  });

  it('writes several schedules as the list that they are', () => {
    const meters = [{ of: 'Cabin', schedule: '0 6 * * *; 0 18 * * *' }];
    expect(planned(CURRENT, { ...noAnswers(), meters })).toMatchObject({
      meters: [{ name: 'Heat' }, { name: 'Cabin', schedule: ['0 6 * * *', '0 18 * * *'] }],
    });
  });

  it('takes mains power back where it was said before', () => {
    const current = { meters: [{ name: 'Heat', port: '/dev/a', mainsPowered: true }] };
    const { meters } = planned(current, { ...noAnswers(), meters: [{ of: 'Heat', powering: 'battery' }] });
    expect(meters).toEqual([{ name: 'Heat', port: '/dev/a', mainsPowered: false }]);
  });

  it('changes the broker but not its topics, and turns it off and on again', () => {
    const broker = { url: 'mqtt://new:1883', username: 'you', password: 'new' };
    const { mqtt } = planned(CURRENT, { ...noAnswers(), broker });
    expect(mqtt).toEqual({ ...broker, baseTopic: 'meters' });
    const off = planned(CURRENT, { ...noAnswers(), broker: { url: null } });
    expect(off.mqtt).toEqual({ ...CURRENT.mqtt, enabled: false });
    expect(planned(off, { ...noAnswers(), broker }).mqtt).toEqual({
      ...broker,
      baseTopic: 'meters',
      enabled: true,
    });
  });

  it('writes no user and password where there were none and none are wanted, and empties those of another broker', () => {
    const of = (current: object) =>
      planned({ ...current }, { ...noAnswers(), broker: { url: 'mqtt://new', username: '', password: '' } });
    expect(of({})).toEqual({ mqtt: { url: 'mqtt://new' } });
    expect(of({ mqtt: { url: 'mqtt://old', username: 'me', password: 'old' } })).toEqual({
      mqtt: { url: 'mqtt://new', username: '', password: '' },
    });
  });

  it('changes the keys of an output that were asked about', () => {
    const { influxdb } = planned(CURRENT, { ...noAnswers(), outputs: { influxdb: { enabled: false } } });
    expect(influxdb).toEqual({ ...CURRENT.influxdb, enabled: false });
  });
});

describe('the flags that are missing', () => {
  const nothing = { current: {} };

  it('are all those without which there is neither meter nor broker', () => {
    expect(missingFlags(nothing, noAnswers(), { yes: true })).toEqual([
      '--port',
      '--broker (or --no-broker)',
    ]);
  });

  it('are those of proposals too, where nobody said yes to them', () => {
    const meters = [{ of: null, port: '/dev/ttyUSB0' }];
    const broker = { url: null };
    const answers = { ...noAnswers(), meters, broker };
    expect(missingFlags(nothing, answers, { yes: false })).toEqual(['--name', '--powering', '--mounting']);
    expect(missingFlags(nothing, answers, { yes: true })).toEqual([]);
    const gateway = { ...answers, meters: [{ of: null, port: 'tcp://a:1' }] };
    expect(missingFlags(nothing, gateway, { yes: false })).toEqual(['--name', '--powering']);
  });

  it('are a password where there is a user', () => {
    const broker = { url: 'mqtt://a', username: 'me' };
    const meters = [{ of: null, port: '/dev/a' }];
    expect(missingFlags(nothing, { ...noAnswers(), meters, broker }, { yes: true })).toEqual([
      expect.stringMatching(/^--password-file .*MQTT_PASSWORD/),
    ]);
  });

  it('are none where the configuration has it all', () => {
    expect(missingFlags({ current: CURRENT }, noAnswers(), { yes: false })).toEqual([]);
  });
});
