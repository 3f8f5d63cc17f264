import { expect, it } from 'vitest';
import type { RegisterDefinition } from '../../src/simulator/models/meter-model.ts';
import { servedMeter } from '../support/served-meter.ts';
import { EveryOutput } from './support/every-output.ts';

const FIRST = 84_968_362;
const OTHER = 71_403_001;
const ENERGY = 60;
const POWER = 80;
/** Unit codes. */
const [MWH, GJ, WATT, KILOWATT] = [3, 8, 21, 22] as const;

function register(unit: number, decimals: number, source: number): RegisterDefinition {
  return { unit, length: 4, decimals, source };
}

/** What every output says of the heat energy and of the power. */
function told(outputs: EveryOutput, serial: number): Readonly<Record<string, readonly unknown[]>> {
  const both = (tell: (quantity: string) => unknown) => [tell('heat_energy'), tell('power')];
  return {
    state: both((quantity) => outputs.state(serial, quantity)),
    entity: both((quantity) => outputs.entities(serial)[quantity]?.unit_of_measurement),
    influxdb: both((quantity) => outputs.influxdb(serial, quantity)),
    csv: both((quantity) => outputs.csv(serial, quantity)),
    webhook: both((quantity) => outputs.webhook(serial, quantity)),
    prometheus: both((quantity) => outputs.prometheus(serial, quantity)),
    domoticz: both((quantity) => outputs.domoticz('House', quantity)),
  };
}

function expected(energy: string, joules: number, power: string, watts: number) {
  const plain = [energy, power];
  return {
    state: plain,
    entity: ['GJ', 'kW'],
    influxdb: plain,
    csv: [`${energy} GJ`, `${power} kW`],
    webhook: plain,
    prometheus: [`joules_total ${joules}`, `watts ${watts}`],
    domoticz: plain,
  };
}

it('a meter that takes other units, and one that takes its place, make no figure jump anywhere', async () => {
  const registers = { [ENERGY]: register(GJ, 3, 84_817), [POWER]: register(KILOWATT, 1, 155) };
  const { port, simulator } = await servedMeter({ serialNumber: FIRST, registers });
  const outputs = await new EveryOutput().start();
  const devices = { heat_energy: 'value', power: 'value' };
  const house = { name: 'House', port, devices, keys: { registers: [ENERGY, POWER] } };
  const warnings = () => outputs.logger.said('warn').filter((line) => line.includes('other units'));

  await outputs.run([house]);
  await outputs.read(FIRST);
  expect(told(outputs, FIRST)).toEqual(expected('84.817', 84_817e6, '15.5', 15_500));

  const [meter] = simulator.meters;
  meter?.setRegister(ENERGY, register(MWH, 3, 23_561));
  meter?.setRegister(POWER, register(WATT, 0, 15_700));
  // A total in another unit is believed when three readings agree.
  for (let reading = 0; reading < 3; reading++) await outputs.read(FIRST);
  expect(told(outputs, FIRST)).toEqual(expected('84.8196', 84_819_600_000, '15.700', 15_700));
  expect(warnings()).toEqual([
    expect.stringContaining('the meter gives other units than before: power (in W, published in kW)'),
    expect.stringContaining('the meter gives other units than before: heat_energy (in MWh, published in GJ)'),
  ]);

  await outputs.run([house]);
  await outputs.read(FIRST);
  expect(told(outputs, FIRST)).toEqual(expected('84.8196', 84_819_600_000, '15.700', 15_700));
  expect(warnings()).toEqual([]);

  if (meter !== undefined) simulator.removeMeter(meter);
  simulator.addMeter({
    model: '403-mwh',
    serialNumber: OTHER,
    registers: { [ENERGY]: register(MWH, 3, 1_005), [POWER]: register(KILOWATT, 1, 31) },
  });
  await outputs.read(FIRST, OTHER);
  expect(told(outputs, OTHER)).toEqual(expected('3.6180', 3_618e6, '3.1', 3_100));
  // Only of what the meter before gave in GJ to the end.
  expect(warnings()).toEqual([
    expect.stringMatching(/than before: cooling_energy \(in MWh, published in GJ\)/),
  ]);
});
