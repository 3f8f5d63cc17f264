import { beforeAll, describe, it } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { decodedFrames, helpTexts, meterTexts, portsTexts, refusedWords } from './support/command-line.ts';
import {
  contradictions,
  understood,
  wrongInAddon,
  wrongInEnvironment,
  wrongInFile,
} from './support/configuration.ts';
import { dump, filesBelow } from './support/dump.ts';
import { brokerMessages, elsewhere } from './support/published.ts';
import { twoDays } from './support/scenario.ts';
import { allKeys, type Call, type MeterSettings, MODEL_NAMES, standingMeter } from './support/wiring.ts';

const LANGUAGES = ['da', 'nl', 'sv', 'de'];

/** Steps enough for outputs that take each value as it is. */
const ENOUGH =
  /^(start|hour \d|details|next day|two conditions|no condition|silent|back|hour after the restart)$/;

const UNITS = {
  heat_energy: 'kWh',
  volume: 'l',
  flow: 'm3/h',
  power: 'W',
  heat_energy_day: 'kWh',
  volume_month: 'l',
  active_energy_import: 'MWh',
};
const EVERYTHING = {
  timezone: 'Europe/Copenhagen',
  units: UNITS,
  fineEnergy: true,
  meanTemperatures: true,
  heatEnergyInKwh: true,
  gasEquivalent: 31.6,
};
const AMOUNTS = { fineEnergy: true, meanTemperatures: true, heatEnergyInKwh: true, gasEquivalent: 31.6 };

/** Meters that are configured otherwise than by default. */
const CONFIGURED: Readonly<Record<string, MeterSettings>> = {
  '403-everything': { model: '403', meter: EVERYTHING },
  '601-everything': { model: '601', meter: EVERYTHING },
  '402-everything': { model: '402', meter: EVERYTHING },
  '603-gcal-everything': { model: '603-gcal', meter: EVERYTHING },
  '601-gj-x10-everything': { model: '601-gj-x10', meter: EVERYTHING },
  '21-everything': { model: '21', meter: EVERYTHING },
  '382-everything': { model: '382', meter: EVERYTHING },
  '403-amounts': { model: '403', meter: AMOUNTS },
  '803-amounts': { model: '803', meter: AMOUNTS },
  '302-kwh-amounts': { model: '302-kwh', meter: AMOUNTS },
  '403-registers': { model: '403', meter: { registers: [60, 68, 80, 155], detailSchedule: '30 3 * * *' } },
  '403-limit': { model: '403', meter: { battery: { maxReadingsPerDay: 3 } } },
  '403-burst': { model: '403', meter: { burst: { above: '1 kW', every: '15 min' } } },
  '403-mains': { model: '403', meter: { mainsPowered: true, readOnStart: false } },
  '403-called-601': { model: '403', meter: { model: '601' } },
  '303-by-name': { model: '303', meter: { model: '303' } },
  '21-by-name': { model: '21', meter: { model: 'flowiq-31xx', name: 'Kælder "1"' } },
  '403-preamble': { model: '403', meter: { wakeUp: 'preamble' } },
};
const METERS: Readonly<Record<string, MeterSettings>> = {
  ...Object.fromEntries(MODEL_NAMES.map((model) => [model, { model }])),
  ...CONFIGURED,
};

const VALUES = { compatibility: { valuesTopic: 'kamstrup/values' } };

describe('the dump of', () => {
  beforeAll(() => {
    process.env.TZ = 'Europe/Copenhagen';
  });

  describe('the command line', () => {
    it('help, and what is refused', async () => {
      dump('cli/help.txt', await helpTexts());
      dump('cli/refused.txt', await refusedWords());
      dump('cli/ports.txt', await portsTexts());
    });

    it('decode', async () => {
      dump('cli/decode.txt', await decodedFrames());
    });

    // They wait more than they work.
    it.each(chunks(MODEL_NAMES, 7))('%s, %s, %s, %s, %s, %s and %s', async (...models) => {
      await Promise.all(
        models.map(async (model) =>
          dump(`cli/meters/${model}.txt`, await meterTexts(await standingMeter(model))),
        ),
      );
    });
  });

  describe('the configuration', () => {
    it('all keys', () => dump('configuration/keys.txt', allKeys()));

    it('what is understood', async () => dump('configuration/understood.txt', await understood()));

    it('contradictions', async () => dump('configuration/contradictions.txt', await contradictions()));

    it('every key of the file with wrong values', async () =>
      dump('configuration/file.txt', await wrongInFile()));

    it('every variable with wrong values', async () =>
      dump('configuration/environment.txt', await wrongInEnvironment()));

    it('every option of the add-on with wrong values', async () =>
      dump('configuration/addon.txt', await wrongInAddon()));
  });

  describe.each(Object.entries(METERS))('%s', (name, settings) => {
    const folder = `meters/${name}`;

    it('what is asked, logged, kept, and published to the broker', async () => {
      const { calls, protocol, dataDir } = await twoDays(settings);
      dump(`${folder}/protocol.txt`, protocol);
      dump(`${folder}/data-folder.txt`, filesBelow(dataDir));
      const inEnglish = await brokerMessages(calls, VALUES);
      dump(`${folder}/mqtt-device.txt`, inEnglish);
      const component = { homeAssistant: { discovery: 'component' }, mqtt: { baseTopic: 'multical2mqtt' } };
      dump(`${folder}/mqtt-component.txt`, await brokerMessages(calls, component));
      for (const language of LANGUAGES) {
        const other = await twoDays({ ...settings, language });
        const messages = await brokerMessages(other.calls, VALUES);
        dump(`${folder}/mqtt-${language}.txt`, [
          `${messages.length} lines, ${inEnglish.length} in English; those that differ:`,
          ...messages.flatMap((line, at) => (line === inEnglish[at] ? [] : [`${at}: ${line}`])),
        ]);
        dump(`${folder}/protocol-${language}.txt`, [
          'lines that differ from those in English:',
          ...other.protocol.flatMap((line, at) => (line === protocol[at] ? [] : [`${at}: ${line}`])),
        ]);
      }
    });

    it('what is published elsewhere', async () => {
      const recorded = await twoDays(settings);
      const calls = recorded.calls.filter(({ step }) => ENOUGH.test(step));
      const quantities = quantitiesOf(calls);
      const csv = temporaryFolder();
      const first = await elsewhere(calls, await freePort(), (url) => ({
        ...VALUES,
        influxdb: { enabled: true, url, database: 'home', username: 'me', password: 'pw' },
        webhook: { enabled: true, url: `${url}/hook?token=x`, secret: 'the secret' },
        csv: { enabled: true, directory: csv },
        domoticz: {
          enabled: true,
          url: `${url}/domoticz`,
          username: 'me',
          password: 'pw',
          devices: devicesFor(quantities, 'value', () => 'kwh'),
        },
      }));
      const second = await elsewhere(calls, await freePort(), (url) => ({
        homeAssistant: { discovery: 'component' },
        influxdb: {
          enabled: true,
          url: `${url}/path`,
          bucket: 'heat',
          org: 'me',
          token: 'secret',
          measurement: 'heat meter',
          tags: ['name', 'site=my cabin'],
          units: 'common',
        },
        webhook: { enabled: true, url: `${url}/hook` },
        domoticz: {
          enabled: true,
          topic: 'dz/in',
          devices: devicesFor(quantities, 'counter', (quantity) =>
            /power/.test(quantity) ? 'usage' : 'waterflow',
          ),
        },
      }));
      dump(`${folder}/influxdb-1.txt`, first.requests.influxdb);
      dump(`${folder}/influxdb-2.txt`, second.requests.influxdb);
      dump(`${folder}/webhook-1.txt`, first.requests.webhook);
      dump(`${folder}/webhook-2.txt`, second.requests.webhook);
      dump(`${folder}/domoticz-http.txt`, first.requests.domoticz);
      dump(`${folder}/bridge-1.txt`, first.broker);
      dump(`${folder}/bridge-2.txt`, second.broker);
      dump(`${folder}/metrics-1.txt`, first.metrics);
      dump(`${folder}/metrics-2.txt`, second.metrics);
      dump(`${folder}/csv.txt`, filesBelow(csv));
    });
  });
});

function chunks<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return items.flatMap((_, at) => (at % size === 0 ? [items.slice(at, at + size)] : []));
}

function quantitiesOf(calls: readonly Call[]): readonly string[] {
  const names = calls.flatMap(({ method, given }) =>
    method === 'readingTaken' ? (given[2] as { quantity: string }[]).map(({ quantity }) => quantity) : [],
  );
  return [...new Set(names)].sort();
}

/** Two devices for each quantity: one named without its meter, and one with it. */
function devicesFor(
  quantities: readonly string[],
  type: string,
  otherType: (quantity: string) => string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    quantities.flatMap((quantity, at) => [
      [quantity, `${2 * at + 1} ${type}`],
      [`Heat meter/${quantity}`, `${2 * at + 2} ${otherType(quantity)}`],
    ]),
  );
}
