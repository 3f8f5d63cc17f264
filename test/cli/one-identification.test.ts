import { describe, expect, it } from 'vitest';
import { modelText } from '../../src/meter/identification.ts';
import type { SimulatedMeterOptions } from '../../src/simulator/options.ts';
import { FixtureMeter } from '../support/fixture-meter.ts';
import { PolledLine } from '../support/polled-line.ts';
import { runCli } from '../support/run-cli.ts';
import { servedMeter } from '../support/served-meter.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Said {
  readonly model: string | null;
  readonly certainty: string;
  readonly why: string;
}

/** What the bridge says of its device. */
async function ofTheBridge(meter: SimulatedMeterOptions): Promise<Said & { readonly text: string }> {
  const home = new PolledLine({ meters: [meter] });
  await home.firstReading();
  const model = home.publisher.readings.at(-1)?.meter.model;
  await home.stop();
  if (!model) throw new Error('the bridge does not know it');
  return { model: model.name, certainty: model.certainty, why: model.why, text: modelText(model) };
}

async function jsonOf(meter: SimulatedMeterOptions, ...command: readonly string[]): Promise<string> {
  const { words } = await servedMeter(meter);
  const { code, out } = await runCli([...command, ...words]);
  expect(code).toBe(0);
  return out;
}

const METERS: readonly (readonly [name: string, meter: SimulatedMeterOptions])[] = [
  ...(['302', '402', '403', '602', '801', '803', '21', 'kwm2231', '382'] as const).map(
    (model) => [model, { model }] as const,
  ),
  ['603 without words about itself', new FixtureMeter('big-603.json').options('603')],
];

describe.each(METERS)('a %s', (_, meter) => {
  it('is called the same by every command as by the bridge, as certainly, and for the same reason', async () => {
    const { text, ...said } = await ofTheBridge(meter);
    const commands = [
      ['identify', '--json'],
      ['probe', '--json', '--data-dir', temporaryFolder()],
      ['read', '--json'],
      ['read', '1004', '--json'],
    ];
    for (const command of commands)
      expect(JSON.parse(await jsonOf(meter, ...command)).meter, command.join(' ')).toMatchObject(said);
    const line = /^model +(.+)$/m.exec(await jsonOf(meter, 'identify'))?.[1];
    expect([text, `${text} (${said.why})`]).toContain(line);
  });
});

describe('identify', () => {
  it('takes no meter for one whose values are of another length, as long as that has not shown what it should have', async () => {
    const few = JSON.parse(
      await jsonOf(new FixtureMeter('303-display-digits.json').options('303'), 'identify', '--json'),
    );
    expect(few.meter).toMatchObject({ model: null, certainty: 'unknown', eye: [] });
    const fine = JSON.parse(
      await jsonOf(new FixtureMeter('602-fine.json').options('602'), 'identify', '--json'),
    );
    expect(fine.meter).toMatchObject({ model: 'MULTICAL 402 or 602', certainty: 'possible' });
  });
});

describe('read without registers', () => {
  it.each([
    ['382', ['active_energy_import_high_resolution', 'power_import', 'voltage_l1', 'operating_hours']],
    ['21', ['volume', 'flow', 'water_temperature', 'operating_hours']],
    ['602', ['heat_energy', 'volume', 'power', 'flow_temperature_volume']],
  ] as const)('shows what a person looks for on a %s', async (model, quantities) => {
    const { readings } = JSON.parse(await jsonOf({ model }, 'read', '--json'));
    const shown = Object.keys(readings);
    for (const quantity of quantities) expect(shown).toContain(quantity);
  });

  it('shows what counts in the place of a total that stands at zero, but registers that are named as they are', async () => {
    const { readings } = JSON.parse(await jsonOf({ model: '382' }, 'read', '--json'));
    expect(readings.active_energy_import.value).toBeNull();
    expect(readings.active_energy_import_counted).toEqual({
      value: readings.active_energy_import_high_resolution.value,
      unit: 'kWh',
      register: null,
    });
    expect(readings.active_energy_export.value).toBe('0.0');
    const named = JSON.parse(await jsonOf({ model: '382' }, 'read', '--json', '1', '13'));
    expect(named.readings.active_energy_import.value).toBe('0.0');
  });

  it('asks for no more than it shows where the model is not shown', async () => {
    const { words, simulator } = await servedMeter({ model: '803' });
    await runCli(['read', ...words]);
    const asked = simulator.statistics.requested.flat();
    expect(asked).toContain(60);
    expect(asked).not.toContain(1005);
  });
});

describe('read --watch', () => {
  it('shows an electricity meter with its first reading, in the words of read', async () => {
    const { words, simulator } = await servedMeter({ model: '382' });
    const stop = new AbortController();
    const watched = await runCli(['read', '--watch', '--json', ...words], {
      signal: stop.signal,
      onOut: () => stop.abort(),
    });
    const { meter, readings } = JSON.parse(watched.out);
    expect(Object.keys(readings)).toContain('power_import');
    const { meter: once } = JSON.parse(await jsonOf({ model: '382' }, 'read', '--json'));
    expect(once).toMatchObject(meter);
    // In one wake-up.
    expect(simulator.statistics.wakeUps).toBe(1);
  });
});
