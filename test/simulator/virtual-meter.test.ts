import { describe, expect, it } from 'vitest';
import { UNIT } from '../../src/catalogue/units.ts';
import { applicationBytes } from '../../src/kmp/bytes.ts';
import { conditionRegisters, parseCondition } from '../../src/simulator/conditions.ts';
import { registerDefinitions } from '../../src/simulator/models/meter-model.ts';
import { MODELS } from '../../src/simulator/models/models.ts';
import {
  bench,
  registerRequest,
  request,
  serialNumberRequest,
  texts,
  typeRequest,
} from './support/virtual-line.ts';

describe('virtual meter', () => {
  const HEAT = 60;
  const RUINED = Uint8Array.of(0x80, 0x3f, 0x10, 0x01, 0x00, 0x3c, 0x00, 0x00, 0x0d);

  describe('a virtual meter answers', () => {
    it('GetType, a 403 with zeros in place of its revision', async () => {
      expect(await bench().ask(typeRequest())).toEqual([
        { kind: 'type', meterType: MODELS['403'].meterType, softwareRevision: null },
      ]);
    });

    it('GetType as a 601 does (nabovarme/MeterLoggerTesto)', async () => {
      const { ask, heard } = bench({ model: '601' });
      await ask(typeRequest());
      expect(heard.hex).toBe('403F0100010701FE580D');
    });

    it('GetSerialNo', async () => {
      expect(await bench({ model: '603' }).ask(serialNumberRequest())).toEqual([
        { kind: 'serial-no', serialNumber: 80_713_078 },
      ]);
    });

    it('GetSerialNo with the number it was given', async () => {
      expect(await bench({ serialNumber: 7 }).ask(serialNumberRequest())).toEqual([
        { kind: 'serial-no', serialNumber: 7 },
      ]);
    });

    it('GetRegister with eight registers, in the order asked', async () => {
      const { ask } = bench();
      const [reply] = await ask(registerRequest([60, 68, 74, 80, 86, 87, 89, 99]));
      expect(Object.keys(texts(reply))).toEqual(['60', '68', '74', '80', '86', '87', '89', '99']);
      expect(texts(reply)).toMatchObject({ 60: '84.817', 68: '520.41', 99: '0' });
    });

    it('leaves out what it does not have, down to an empty reply', async () => {
      const { ask } = bench();
      expect(texts((await ask(registerRequest([155, HEAT, 405])))[0])).toEqual({ 60: '84.817' });
      expect(await ask(registerRequest([155, 405]))).toEqual([{ kind: 'registers', records: [] }]);
    });

    it('with registers that belong to one moment', async () => {
      const { ask, clock } = bench({ speed: 1000 });
      await clock.advance(60_000);
      const values = texts((await ask(registerRequest([60, 266, 86, 87, 89, 74, 80])))[0]);
      expect(Number(values[86]) - Number(values[87])).toBeCloseTo(Number(values[89]), 1);
      expect((Number(values[60]) / 3.6) * 1000 - 20_000).toBeCloseTo(Number(values[266]) / 1000 + 0, -1);
      const power = (Number(values[74]) * Number(values[89]) * 1.163) / 1000;
      expect(Math.abs(power - Number(values[80]))).toBeLessThan(0.1);
    });

    it('with its clock, which runs as fast as its house', async () => {
      const { ask, clock } = bench({ model: '603', speed: 60 });
      const before = texts((await ask(registerRequest([348, 1002, 1004]), 1000))[0]);
      await clock.advance(59_000);
      const after = texts((await ask(registerRequest([348, 1002, 1004]), 1000))[0]);
      expect(Number(after[1004]) - Number(before[1004])).toBe(1);
      expect(Date.parse(after[348] ?? '') - Date.parse(before[348] ?? '')).toBe(3_600_000);
      expect(after[348]?.slice(11)).toBe(after[1002]);
    });

    it('with registers that were changed for a test', async () => {
      const { ask, simulator } = bench({
        registers: { 68: null, 4711: { unit: 54, length: 6, decimals: 0, source: { text: 'Hello' } } },
      });
      simulator.meters[0]?.setRegister(HEAT, { unit: 8, length: 7, decimals: 3, source: -12_345_678_901n });
      expect(texts((await ask(registerRequest([60, 68, 4711])))[0])).toEqual({
        60: '-12345678.901',
        4711: 'Hello',
      });
      simulator.meters[0]?.setRegister(4711, null);
      expect(texts((await ask(registerRequest([4711])))[0])).toEqual({});
    });
  });

  describe('a virtual meter stays silent', () => {
    it.each([
      ['to a wrong checksum', RUINED],
      ['to nine registers', request(applicationBytes([0x10, 9, ...Array.from({ length: 18 }, () => 0)]))],
      ['to no registers', request(applicationBytes([0x10, 0]))],
      ['to a count that does not fit', request(applicationBytes([0x10, 2, 0, 60]))],
      ['to commands that it does not know', request(applicationBytes([0x9b]))],
      ['to what would change it', request(applicationBytes([0x09, 0, 3, 0xf8, 5, 0, 0, 0, 0]))],
      ['to a frame too short', Uint8Array.of(0x80, 0x3f, 0x0d)],
      ['to a frame begun anew', Uint8Array.of(0x80, 0x3f, 0x80, 0x3f, 0x0d)],
    ])('%s, and is deaf for 1.6 s after it', async (_, bad) => {
      const { ask, simulator, clock } = bench();
      expect(await ask(bad, 500)).toEqual([]);
      expect(simulator.statistics.replies).toBe(0);
      expect(simulator.statistics.badRequests).toBeGreaterThan(0);
      const { ignoredRequests } = simulator.statistics;
      expect(await ask(serialNumberRequest(), 900)).toEqual([]);
      expect(simulator.statistics.ignoredRequests).toBe(ignoredRequests + 1);
      await clock.advance(600);
      expect(await ask(serialNumberRequest())).toHaveLength(1);
    });

    it.each([
      ['to another destination', serialNumberRequest(0x7f)],
      ['to a spoiled request for another destination', Uint8Array.of(0x80, 0x7f, 0x02, 0, 0, 0x0d)],
      ['to noise', Uint8Array.of(1, 2, 3, 0x0d, 0x06)],
      ['to a frame from a meter', Uint8Array.of(0x40, 0x3f, 0x02, 0x00, 0x00, 0x0d)],
    ])('%s, and listens on', async (_, bytes) => {
      const { ask, simulator } = bench();
      expect(await ask(bytes, 200)).toEqual([]);
      expect(simulator.statistics).toMatchObject({ requests: 0, badRequests: 0 });
      expect(await ask(serialNumberRequest())).toHaveLength(1);
    });

    it('when more than 27 ms of silence cut a request, but not at less', async () => {
      const { clock, simulator, heard, ask } = bench();
      const wire = serialNumberRequest();
      const send = async (pause: number): Promise<void> => {
        heard.forget();
        simulator.write(wire.subarray(0, 3));
        // The third byte arrives after 27.5 ms, the fourth 9.17 ms after it was sent.
        await clock.advance(27.5 + pause - 9.17);
        simulator.write(wire.subarray(3));
        await clock.advance(3000);
      };
      await send(26.5);
      expect(heard.replies).toHaveLength(1);
      await send(28);
      expect(heard.replies).toEqual([]);
      expect(simulator.statistics.badRequests).toBe(1);
      expect(await ask(wire)).toHaveLength(1);
    });
  });

  describe('the waking window', () => {
    it('lasts 1.6 s from the first byte of a reply', async () => {
      const { ask, simulator } = bench();
      await ask(serialNumberRequest(), 300);
      await ask(serialNumberRequest(), 300);
      await ask(serialNumberRequest(), 1800);
      expect(simulator.statistics.wakeUps).toBe(1);
      await ask(serialNumberRequest(), 300);
      expect(simulator.statistics.wakeUps).toBe(2);
    });

    it('makes a reading of any size one wake-up', async () => {
      const { ask, simulator } = bench();
      const { registerIds = [] } = simulator.meters[0] ?? {};
      for (let first = 0; first < registerIds.length; first += 8) {
        await ask(registerRequest(registerIds.slice(first, first + 8)), 1000);
      }
      expect(simulator.statistics.wakeUps).toBe(1);
      expect(simulator.statistics.requested.flat()).toEqual(registerIds);
    });
  });

  describe('an eye that sleeps', () => {
    const FOUR_MINUTES = MODELS['403'].eye.awakeFor;
    const HALF_AN_HOUR = MODELS['402'].eye.awakeFor;

    it('of a 403 without magnet works for four minutes after a button, whatever is asked', async () => {
      const { ask, clock, simulator } = bench({ awakeFor: FOUR_MINUTES });
      await clock.advance(FOUR_MINUTES - 5000);
      expect(await ask(serialNumberRequest())).toHaveLength(1);
      await clock.advance(5000);
      expect(await ask(serialNumberRequest())).toEqual([]);
      expect(simulator.statistics.requests).toBe(1);
      for (const meter of simulator.meters) meter.pressButton();
      expect(await ask(serialNumberRequest())).toHaveLength(1);
    });

    it('of a 402 is kept awake by requests less than half an hour apart', async () => {
      const { ask, clock } = bench({ model: '402', awakeFor: HALF_AN_HOUR });
      for (let round = 0; round < 5; round++) {
        await clock.advance(HALF_AN_HOUR - 60_000);
        expect(await ask(serialNumberRequest())).toHaveLength(1);
      }
      await clock.advance(HALF_AN_HOUR);
      expect(await ask(serialNumberRequest())).toEqual([]);
    });
  });

  describe('several meters on one line', () => {
    it('answer to their own address each', async () => {
      const { ask } = bench(
        {},
        { meters: [{ model: '403' }, { model: '601', address: 0x7f, serialNumber: 99 }] },
      );
      expect(await ask(serialNumberRequest())).toEqual([{ kind: 'serial-no', serialNumber: 84_968_362 }]);
      expect(await ask(serialNumberRequest(0x7f))).toEqual([{ kind: 'serial-no', serialNumber: 99 }]);
    });

    it('come and go', async () => {
      const { ask, simulator } = bench();
      const old = simulator.meters[0];
      if (old !== undefined) simulator.removeMeter(old);
      expect(await ask(serialNumberRequest())).toEqual([]);
      simulator.addMeter({ model: '402', serialNumber: 5 });
      expect(await ask(serialNumberRequest())).toEqual([{ kind: 'serial-no', serialNumber: 5 }]);
    });
  });

  it('a request counts its bytes both ways', async () => {
    const { ask, simulator, heard } = bench();
    const wire = registerRequest([60, 68]);
    await ask(wire);
    expect(simulator.statistics).toMatchObject({
      bytesIn: wire.length,
      bytesOut: heard.bytes.length,
      lastByteAt: heard.bytes.at(-1)?.at,
      requested: [[60, 68]],
    });
    simulator.resetStatistics();
    expect(simulator.statistics).toMatchObject({ bytesIn: 0, requested: [], lastByteAt: undefined });
  });
});

describe('conditions', () => {
  describe('a virtual meter with something the matter', () => {
    it('says so in both info registers of an x3 meter, and shows what a failed sensor shows', async () => {
      const { ask } = bench({ conditions: ['flow-temperature-sensor-disconnected', 'low-battery'] });
      const [reply] = await ask(registerRequest([86, 89, 80, 99, 369]));
      expect(texts(reply)).toEqual({ 86: '185.00', 89: '0.00', 80: '0.0', 99: '10', 369: '10' });
    });

    it('is a 601 with 200.00 °C for an open sensor', async () => {
      const { ask } = bench({ model: '601', conditions: ['return-temperature-sensor-disconnected'] });
      expect(texts((await ask(registerRequest([87, 99, 369])))[0])).toEqual({ 87: '200.00', 99: '4' });
    });

    it('can be made well again', async () => {
      const { ask, simulator } = bench({ conditions: ['air', 'burst'] });
      const registers = registerRequest([74, 369]);
      expect(texts((await ask(registers))[0])).toEqual({ 74: '0', 369: String(256 + 0x1000_0000) });
      simulator.meters[0]?.setConditions([]);
      const well = texts((await ask(registers, 3000))[0]);
      expect(well[369]).toBe('0');
      expect(Number(well[74])).toBeGreaterThan(0);
    });
  });

  describe('the conditions of water meters', () => {
    const water = (length: number) =>
      registerDefinitions([
        [68, UNIT.cubicMetre, 4, 3, 'volume'],
        [74, UNIT.litrePerHour, 2, 0, 'flow'],
        [99, UNIT.number, length, 0, 0],
      ]);

    it('are flags in two bytes', () => {
      const changed = conditionRegisters(water(2), ['dry', 'leak']);
      expect(changed.get(99)?.source).toBe(5);
      expect(changed.size).toBe(1);
    });

    it('are more in four', () => {
      expect(conditionRegisters(water(4), ['tampering', 'no-consumption']).get(99)?.source).toBe(528);
      expect(() => conditionRegisters(water(2), ['tampering'])).toThrow(/knows: wrong-flow-direction, leak/);
    });

    it('stop the flow where it cannot be measured', () => {
      expect(conditionRegisters(water(2), ['wrong-flow-direction']).get(74)?.source).toBe(0);
    });
  });

  it('only our conditions are conditions', () => {
    expect(parseCondition('air')).toBe('air');
    expect(() => parseCondition('constructor')).toThrow(/no condition "constructor"/);
  });
});
