import { describe, expect, it } from 'vitest';
import { redactConfig } from '../../src/config/redact.ts';
import { loadFile, METER } from './loading.ts';

describe('the configuration as it is printed', () => {
  it('has everything but the password', () => {
    const { config } = loadFile({ meters: [METER], mqtt: { url: 'mqtt://me:hidden@host' } });
    const printed = redactConfig(config);
    expect(printed).toEqual({ ...config, mqtt: { ...config.mqtt, password: '***' } });
    expect(JSON.stringify(printed)).not.toContain('hidden');
  });

  it('shows that there is no password', () => {
    const { config } = loadFile({ meters: [METER] });
    expect(redactConfig(config)).toEqual(config);
  });

  it('hides what a URL may still hold', () => {
    const { config } = loadFile({ meters: [METER] });
    const url = 'wss://me:se@cret@host/mqtt?token=secret';
    expect(redactConfig({ ...config, mqtt: { ...config.mqtt, url } })).toMatchObject({
      mqtt: { url: 'wss://***@host/mqtt?***' },
    });
  });
});
