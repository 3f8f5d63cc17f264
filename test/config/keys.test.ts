import { describe, expect, it } from 'vitest';
import { type Config, redactConfig } from '../../src/config/keys.ts';
import { loadFile, METER } from './support/loading.ts';

/** What is printed as it is written. */
const written = (config: Config) => ({
  influxdb: { ...config.influxdb, tags: ['serial_number', 'name', 'model'] },
  domoticz: { ...config.domoticz, devices: {} },
});

describe('the configuration as it is printed', () => {
  it('has everything but the password', () => {
    const { config } = loadFile({ meters: [METER], mqtt: { url: 'mqtt://me:hidden@host' } });
    const printed = redactConfig(config);
    expect(printed).toEqual({ ...config, ...written(config), mqtt: { ...config.mqtt, password: '***' } });
    expect(JSON.stringify(printed)).not.toContain('hidden');
  });

  it('shows that there is no password', () => {
    const { config } = loadFile({ meters: [METER] });
    expect(redactConfig(config)).toEqual({ ...config, ...written(config) });
  });

  it('has lists and devices as a file has them', () => {
    const influxdb = { tags: ['name', 'site=cabin'] };
    const domoticz = { devices: { 'Heat/power': '13 usage', volume: 14 } };
    const { config } = loadFile({ meters: [METER], influxdb, domoticz });
    expect(redactConfig(config)).toMatchObject({ influxdb, domoticz });
  });

  it('hides what a URL may still hold', () => {
    const { config } = loadFile({ meters: [METER] });
    const url = 'wss://me:se@cret@host/mqtt?token=secret';
    expect(redactConfig({ ...config, mqtt: { ...config.mqtt, url } })).toMatchObject({
      mqtt: { url: 'wss://***@host/mqtt?***' },
    });
  });
});
