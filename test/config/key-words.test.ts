import { describe, expect, it } from 'vitest';
import { keyWords } from '../../src/config/key-words.ts';

describe('texts that name keys', () => {
  const inAddon = keyWords({ isAddon: true, file: '/data/options.json' });
  const inFile = keyWords({ isAddon: false, file: '/etc/multical2mqtt.json' });
  const inEnvironment = keyWords({ isAddon: false, file: null });

  it.each([
    [
      'Set mainsPowered to true, or battery.maxReadingsPerDay.',
      'Set mains_powered to true, or max_readings_per_day.',
      'Set METER_MAINS_POWERED to true, or METER_BATTERY_MAX_READINGS_PER_DAY.',
    ],
    ['check mqtt.username and mqtt.ca', 'check mqtt.username and mqtt.ca', 'check MQTT_USERNAME and MQTT_CA'],
    ['Try another mqtt.baseTopic.', 'Try another mqtt.base_topic.', 'Try another MQTT_BASE_TOPIC.'],
    [
      '5 MB (waiting.maxMegabytes), domoticz.devices: "power"',
      '5 MB (waiting.max_megabytes), domoticz.devices: "power"',
      '5 MB (WAITING_MAX_MEGABYTES), DOMOTICZ_DEVICES: "power"',
    ],
    [
      'set another mqtt.clientId',
      'set another mqtt.clientId (which this add-on does not let you set)',
      'set another MQTT_CLIENT_ID',
    ],
    [
      'choose the schedule "keep-awake", or a slower schedule',
      'choose the preset "keep-awake", or a slower schedule',
      'choose the schedule "keep-awake", or a slower schedule',
    ],
    ['Is dataDir not ours?', 'Is /data not ours?', 'Is DATA_DIR not ours?'],
    [
      'see "gasEquivalent" in docs/configuration.md',
      'see "gas_equivalent" in the tab Documentation of this add-on',
      'see "METER_GAS_EQUIVALENT" in docs/configuration.md',
    ],
  ])('%j are in the words of whoever reads them', (text, addon, environment) => {
    expect(inAddon(text)).toBe(addon);
    expect(inEnvironment(text)).toBe(environment);
    expect(inFile(text)).toBe(text);
  });

  it('are changed once, however often they come by', () => {
    const once = inAddon('set another mqtt.clientId');
    expect(inAddon(once)).toBe(once);
  });

  it.each([
    'mqtts://mqtt.ca:8883',
    '/srv/webhook.url/x',
    'mqtt.urls',
    'my-dataDir',
  ])('leave %j alone', (text) => {
    expect([inAddon(text), inEnvironment(text)]).toEqual([text, text]);
  });
});
