import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { redactConfig, secretsOf } from '../../src/config/keys.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { load, loadFile, loadOptions, METER, problemsIn, problemsOf } from './support/loading.ts';

const URL = 'http://homeassistant.local:8123';
const TOKEN = 'long-lived-0123456789';

describe("the meter's log in Home Assistant's statistics", () => {
  it('is wanted with an address and a token, of which nothing is shown', () => {
    const homeAssistant = { statistics: true, url: URL, token: TOKEN };
    const { config } = loadFile({ meters: [METER], homeAssistant });
    expect(config.homeAssistant).toMatchObject(homeAssistant);
    expect(secretsOf(config)).toContain(TOKEN);
    expect(JSON.stringify(redactConfig(config))).not.toContain(TOKEN);
  });

  it('takes the token from a file', () => {
    const folder = temporaryFolder({ token: `${TOKEN}\n` });
    const { config } = load({
      environment: {
        METER_PORT: 'COM7',
        HOME_ASSISTANT_STATISTICS: 'yes',
        HOME_ASSISTANT_URL: URL,
        HOME_ASSISTANT_TOKEN_FILE: join(folder, 'token'),
      },
    });
    expect(config.homeAssistant).toMatchObject({ statistics: true, token: TOKEN });
  });

  it('says what is missing, and how to get it', () => {
    expect(problemsIn({ homeAssistant: { statistics: true } })).toEqual([
      `homeAssistant.url: must be set, such as "${URL}", because homeAssistant.statistics is true`,
      'homeAssistant.token: must be set, because homeAssistant.statistics is true. In Home Assistant press your name at the bottom left, then Security, and make one under "Long-lived access tokens"',
    ]);
  });

  it.each([
    [{ url: URL }, /^homeAssistant\.token: must be set, because homeAssistant\.url is/],
    [{ token: TOKEN }, /^homeAssistant\.url: must be set, .*, because homeAssistant\.token is/],
    [{ url: `${URL}/lovelace/0`, token: TOKEN }, /^homeAssistant\.url: must end with its host or its port/],
    [{ url: 'homeassistant.local', token: TOKEN }, /^homeAssistant\.url: must start with .*local:8123"$/],
    [
      { url: `http://me:${TOKEN}@ha`, token: TOKEN },
      /^homeAssistant\.url: .*: it knows the bridge by homeAssistant\.token$/,
    ],
  ])('refuses half of it, and what is no address: %j', (homeAssistant, words) => {
    const problems = problemsIn({ homeAssistant });
    expect(problems).toEqual([expect.stringMatching(words)]);
    expect(problems.join()).not.toContain(TOKEN);
  });

  it('is refused where there is nothing to bring, or no entity to bring it to', () => {
    const homeAssistant = { statistics: true, url: URL, token: TOKEN };
    const csv = { enabled: true, directory: 'csv' };
    expect(problemsIn({ homeAssistant, history: { meterLog: false } })).toEqual([
      expect.stringMatching(/^history\.meterLog: must be true, because homeAssistant\.statistics is/),
    ]);
    expect(problemsIn({ homeAssistant: { ...homeAssistant, enabled: false } })).toEqual([
      expect.stringMatching(
        /^homeAssistant\.statistics: must be false where homeAssistant\.enabled is false/,
      ),
    ]);
    expect(problemsIn({ homeAssistant, csv, mqtt: { enabled: false } })).toEqual([
      expect.stringMatching(/^homeAssistant\.statistics: must be false where mqtt\.enabled is false/),
    ]);
  });

  it('is no news where it is not known whether it is wanted', () => {
    expect(problemsIn({ homeAssistant: { statistics: 'perhaps' } })).toEqual([
      expect.stringMatching(/^homeAssistant\.statistics: must be true or false/),
    ]);
  });
});

describe("the meter's log in the add-on", () => {
  it('is read unless somebody turns it off, and goes into the statistics where it is turned on', () => {
    const config = (history: object) => loadOptions({ meters: [], history }).loaded().config;
    expect(config({})).toMatchObject({ history: { meterLog: true }, homeAssistant: { statistics: false } });
    expect(config({ meter_log: false }).history.meterLog).toBe(false);
    expect(config({ statistics: true }).homeAssistant).toMatchObject({
      statistics: true,
      url: '',
      token: '',
    });
  });

  it('has its faults named by its options', () => {
    const options = { meters: [], history: { meter_log: false, statistics: true } };
    expect(problemsOf(loadOptions(options).loaded)).toEqual([
      expect.stringMatching(/^history\.meter_log: must be true, because history\.statistics is/),
    ]);
  });
});
