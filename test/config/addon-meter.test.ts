import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addonOptionsWith, type NewMeter } from '../../src/config/addon-meter.ts';
import { inspectConfig } from '../../src/config/load.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** As the Supervisor has them of an add-on that was just installed. */
const FRESH = {
  meter: {},
  meter_more: { read_on_start: true },
  mqtt: { enabled: true, verify_certificate: true },
  meters: [],
};
const METER: NewMeter = {
  name: 'Heating',
  port: '/dev/serial/by-id/usb-head',
  schedule: 'hourly',
  mainsPowered: false,
};

/** What the program makes of these options. */
function metersOf(options: object) {
  const file = join(temporaryFolder(), 'options.json');
  writeFileSync(file, JSON.stringify(options));
  const { loaded, problems } = inspectConfig({
    environment: { SUPERVISOR_TOKEN: 'token', SUPERVISOR_OPTIONS: file },
  });
  expect(problems).toEqual([]);
  return loaded?.config.meters;
}

describe('a meter more in the options of the add-on', () => {
  it('is the one that the form shows, where there was none', () => {
    const options = addonOptionsWith(FRESH, METER);
    expect(options).toEqual({
      ...FRESH,
      meter: { name: 'Heating', preset: 'hourly' },
      meter_more: { read_on_start: true, device_path: METER.port },
    });
    expect(metersOf(options)).toMatchObject([{ name: 'Heating', port: METER.port, schedule: 'hourly' }]);
  });

  it('completes what somebody had begun with', () => {
    const begun = { ...FRESH, meter: { name: 'Meter' }, meter_more: { schedule: '5 * * * *', model: '403' } };
    expect(metersOf(addonOptionsWith(begun, METER))).toMatchObject([
      { name: 'Heating', model: '403', schedule: 'hourly' },
    ]);
  });

  it('goes behind those that are there, with its gateway, its speed and its power', () => {
    const one = addonOptionsWith(FRESH, METER);
    const gateway = {
      ...METER,
      name: 'Attic',
      port: 'tcp://192.168.1.20:2001',
      baudRate: 9600,
      mainsPowered: true,
    };
    const two = addonOptionsWith(one, gateway);
    expect(two).toMatchObject({ meter: one.meter, meters: [{ network: '192.168.1.20:2001' }] });
    const three = addonOptionsWith(two, { ...METER, name: 'Shed', port: '/dev/ttyUSB1', schedule: 'daily' });
    expect(metersOf(three)).toMatchObject([
      { name: 'Heating', mainsPowered: false },
      { name: 'Attic', port: 'tcp://192.168.1.20:2001', baudRate: 9600, mainsPowered: true },
      { name: 'Shed', port: '/dev/ttyUSB1', schedule: 'daily' },
    ]);
  });
});
