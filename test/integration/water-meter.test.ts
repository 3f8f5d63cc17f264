import { expect, it } from 'vitest';
import { expectAccepted } from '../outputs/home-assistant/support/expect-accepted.ts';
import { FixtureMeter } from '../support/fixture-meter.ts';
import { runCli } from '../support/run-cli.ts';
import { servedMeter } from '../support/served-meter.ts';
import { EveryOutput } from './support/every-output.ts';

const SERIAL = 84_900_017;
/** A leak that has been there for more than a day. */
const LEAK = { unit: 51, length: 2, decimals: 0, source: 0x0c04 };

it('durations, hours and what is no value are the same in every output', async () => {
  const { registers, ...options } = new FixtureMeter('mc21-127-degrees.json').options('21');
  const served = await servedMeter({ ...options, registers: { ...registers, 99: LEAK } });
  const printed = await runCli(['read', '292', '1004', ...served.words], { terminal: false });
  expect(printed.out).toMatch(/Water temperature +no value \(127 °C\) +°C +292/);
  expect(printed.out).toMatch(/Operating hours +4512 +h +1004/);

  const outputs = await new EveryOutput().start();
  await outputs.run([
    {
      name: 'Water',
      port: served.port,
      devices: { leak_duration: 'value', water_temperature: 'value', operating_hours: 'value' },
      keys: { model: '21' },
    },
  ]);
  await outputs.read(SERIAL);
  const told = (quantity: string, metric = quantity) => ({
    state: outputs.state(SERIAL, quantity),
    influxdb: outputs.influxdb(SERIAL, quantity),
    csv: outputs.csv(SERIAL, quantity),
    webhook: outputs.webhook(SERIAL, quantity),
    prometheus: outputs.prometheus(SERIAL, metric),
    domoticz: outputs.domoticz('Water', quantity),
  });
  expect(told('leak_duration')).toEqual({
    state: '25',
    influxdb: '25i',
    csv: '25 h',
    webhook: '25',
    prometheus: 'seconds 90000',
    domoticz: '25',
  });
  expect(told('operating_hours', 'operating_time')).toEqual({
    state: '4512',
    influxdb: '4512i',
    csv: '4512 h',
    webhook: '4512',
    prometheus: 'seconds_total 16243200',
    domoticz: '4512',
  });
  expect(told('water_temperature')).toMatchObject({
    state: 'null',
    influxdb: undefined,
    prometheus: undefined,
    domoticz: undefined,
    webhook: 'null',
  });
  const entities = outputs.entities(SERIAL);
  for (const [key, entity] of Object.entries(entities)) expectAccepted(key, entity);
  for (const key of ['leak_duration', 'operating_hours'])
    expect(entities[key]).toMatchObject({ device_class: 'duration', unit_of_measurement: 'h' });
});
