import { afterEach, expect, it } from 'vitest';
import { Observer } from '../mqtt/support/observer.ts';
import { TestBroker } from '../mqtt/support/test-broker.ts';
import { DomoticzServer } from '../outputs/domoticz/support/domoticz-server.ts';
import { eventually } from '../support/eventually.ts';
import { bridgeConfig, runningBridge } from '../support/running-bridge.ts';
import { servedMeter } from '../support/served-meter.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const DEVICES = {
  heat_energy: '12 kwh',
  volume: '13 counter',
  power: '14 usage',
  flow: '15 waterflow',
  info: 16,
  flow_temperature: 17,
};

/** What a simulated 403 with 84.817 GJ says at any time of day, by device. */
const TOLD = [
  [12, /^[1-9]\d*00;23560278$/],
  [13, /^520\d{3}$/],
  [14, /^[1-9]\d*00$/],
  [15, /^\d(\.\d{1,3})?$/],
  [16, /^no error$/],
  [17, /^\d\d\.\d\d$/],
] as const;

it('a bridge without a broker tells Domoticz over HTTP what its meter says', async () => {
  const server = await new DomoticzServer().start();
  cleanups.push(() => server.stop());
  for (const [index] of TOLD) server.devices.add(index);
  server.user = 'heat:open sesame';
  const { port } = await servedMeter();
  const { bridge, logger } = await runningBridge(
    bridgeConfig(
      {
        meters: [{ name: 'Heating', port }],
        mqtt: { enabled: false },
        domoticz: {
          enabled: true,
          url: server.url,
          username: 'heat',
          password: 'open sesame',
          devices: DEVICES,
        },
      },
      temporaryFolder(),
    ),
  );
  await eventually(() => TOLD.every(([index]) => server.told(index).length > 0));
  await bridge.idle();
  for (const [index, text] of TOLD) expect(server.told(index)[0]).toMatch(text);
  const [output] = bridge.otherOutputs;
  expect(output).toMatchObject({ name: 'domoticz', health: { refused: 0, problem: null } });
  expect(logger.said('warn')).toEqual([]);
  await bridge.stop();
  await eventually(() => server.connections === 0);
});

it('a bridge tells Domoticz through its broker, each meter its own devices', async () => {
  const broker = await new TestBroker().start();
  cleanups.push(() => broker.stop());
  const observer = await Observer.connect(broker.url);
  cleanups.push(() => observer.end());
  const [house, cabin] = [await servedMeter(), await servedMeter({ model: '601' })];
  const { bridge, logger } = await runningBridge(
    bridgeConfig(
      {
        meters: [
          { name: 'House', port: house.port },
          { name: 'Cabin', port: cabin.port },
        ],
        mqtt: { url: broker.url },
        domoticz: { enabled: true, devices: { 'House/heat_energy': 12, 'Cabin/power': '13 usage' } },
      },
      temporaryFolder(),
    ),
  );
  await eventually(() => bridge.otherOutputs[0]?.health.delivered === 2);
  await eventually(() => observer.of('domoticz/in').length === 2);
  const told = observer.of('domoticz/in').map((payload) => JSON.parse(payload));
  expect(told).toContainEqual({ command: 'udevice', idx: 12, nvalue: 0, svalue: '84.817' });
  expect(told).toContainEqual({
    command: 'udevice',
    idx: 13,
    nvalue: 0,
    svalue: expect.stringMatching(/^\d+(\.\d+)?$/),
  });
  expect(observer.messages.filter(({ topic, retained }) => topic === 'domoticz/in' && retained)).toEqual([]);
  expect(logger.matching(/Domoticz/)).toEqual([]);
});
