import { afterEach, describe, expect, it } from 'vitest';
import { UNIT } from '../../src/catalogue/units.ts';
import { parseFault } from '../../src/simulator/faults.ts';
import { Observer } from '../mqtt/support/observer.ts';
import { TestBroker } from '../mqtt/support/test-broker.ts';
import { eventually } from '../support/eventually.ts';
import { PolledLine, type PolledLineOptions } from '../support/polled-line.ts';
import { bridgeConfig, runningBridge } from '../support/running-bridge.ts';
import { servedMeter } from '../support/served-meter.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Faults on which other programs for these meters were seen to crash, to fall silent, or to publish wrong values. */
const MINUTE = 60_000;
const MAIN = [60, 68, 74, 80, 86, 87, 89, 369];

describe('on a line', () => {
  let home: PolledLine;

  afterEach(async () => {
    await home.stop();
    expect(home.clock.pendingTimers).toBe(0);
  });

  async function started(options: PolledLineOptions = {}): Promise<void> {
    home = new PolledLine(options);
    await home.firstReading();
  }

  const fault = (...texts: string[]): void => home.simulator.setFaults(texts.map(parseFault));
  const readings = (): number => home.publisher.readings.length;
  const diagnostics = () => home.publisher.diagnostics.at(-1);

  it('an echoing head: every value is read, and the echo is none', async () => {
    await started();
    const before = home.published('heat_energy');
    fault('echo');
    await home.tick('hourly');
    expect(home.freshRegisters()).toEqual(MAIN);
    expect(home.published('heat_energy')).toBe(before);
    expect(diagnostics()).toMatchObject({ failedReadings: 0, retries: 0, checksumErrors: 0 });
  });

  it('a wrong checksum: never a value; the next try is one', async () => {
    await started();
    const before = readings();
    fault('checksum');
    await home.tick('hourly');
    expect(readings()).toBe(before);
    expect(diagnostics()).toMatchObject({ failedReadings: 1 });
    fault('checksum:1');
    await home.tick('hourly');
    expect(readings()).toBe(before + 1);
    expect(home.freshRegisters()).toEqual(MAIN);
  });

  it('1B F9 and every other byte that is stuffed in the data: the exact number', async () => {
    const holding = (source: number) => ({ unit: UNIT.gigaJoule, length: 4, decimals: 3, source }) as const;
    await started({
      meters: [{ model: '403', registers: { 60: holding(0x06_1b_f9), 63: holding(0x0d_40_80) } }],
    });
    expect(home.published('heat_energy')).toBe('400.377');
    expect(home.published('cooling_energy')).toBe('868.480');
    expect(diagnostics()).toMatchObject({ failedReadings: 0, checksumErrors: 0 });
  });

  it('a register that is absent from the reply: it has no value, and no other one gets it', async () => {
    await started();
    const others = ['volume', 'power', 'flow_temperature', 'return_temperature', 'temperature_difference'];
    const before = others.map((quantity) => home.published(quantity));
    expect(before).not.toContain(undefined);
    await home.stop();
    await started({ meters: [{ model: '403', registers: { 74: null } }] });
    expect(others.map((quantity) => home.published(quantity))).toEqual(before);
    for (let hour = 0; hour < 3; hour++) await home.tick('hourly');
    expect(home.published('flow')).toBeUndefined();
    expect(diagnostics()).toMatchObject({ failedReadings: 0, lastError: null });
  });

  it('a late reply: it is no value, and no later request takes it for its own', async () => {
    await started();
    const before = readings();
    fault('late');
    await home.tick('hourly');
    expect(readings()).toBe(before);
    fault('late:1');
    await home.tick('hourly');
    fault();
    for (let hour = 0; hour < 2; hour++) {
      await home.tick('hourly');
      expect(home.freshRegisters()).toEqual(MAIN);
    }
    expect(diagnostics()).toMatchObject({ lastError: null, doubtfulValues: 0 });
  });

  it('no adapter at the start: said, waited for, and read as soon as it is there', async () => {
    home = new PolledLine();
    home.simulator.unplug();
    home.start();
    await home.clock.advance(2 * MINUTE);
    expect(readings()).toBe(0);
    expect(home.logger.said('warn').join()).toMatch(/unplugged|not there|missing/);
    home.simulator.replug();
    await home.clock.advance(2 * MINUTE);
    await home.clock.runUntil(home.meter.idle());
    expect(diagnostics()).toMatchObject({ readings: 1, lastError: null });
  });
});

describe('on the way to Home Assistant', () => {
  it('a broker that goes away: it is found again, and gets the newest values', async () => {
    const broker = await new TestBroker().start();
    const { port } = await servedMeter();
    const meters = [{ name: 'Heating', port, schedule: '* * * * * *' }];
    const config = bridgeConfig({ meters, mqtt: { url: broker.url } }, temporaryFolder());
    const { logger } = await runningBridge(config);
    const values = () => logger.matching(/values of meter/).length;
    await eventually(() => values() >= 1);
    await broker.goAway();
    await eventually(() => logger.said('warn').some((line) => line.includes('MQTT broker')));
    const before = values();
    await eventually(() => values() > before);
    await broker.comeBack();
    const observer = await Observer.connect(broker.url);
    await eventually(() => observer.latest('multical2mqtt/84968362/state'));
    await observer.end();
    await broker.stop();
  });
});
