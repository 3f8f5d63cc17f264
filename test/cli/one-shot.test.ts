import { describe, expect, it } from 'vitest';
import { UNIT } from '../../src/catalogue/units.ts';
import { MeterVisit } from '../../src/cli/meter-visit.ts';
import { type OneShotOptions, type ProbeResult, probe, withMeter } from '../../src/cli/one-shot.ts';
import { FrameReader } from '../../src/kmp/frame.ts';
import { decodeMessage } from '../../src/kmp/messages.ts';
import { numberRecord } from '../../src/kmp/register.ts';
import { MeterClient } from '../../src/link/client.ts';
import { MeterSession, newCounters } from '../../src/link/session.ts';
import { lineTiming } from '../../src/link/timing.ts';
import { customerNumber } from '../../src/meter/meter-description.ts';
import { type Reading, toReading } from '../../src/readings/reading.ts';
import { SimulatedChannel } from '../../src/simulator/channel.ts';
import { Simulator } from '../../src/simulator/simulator.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { freePort } from '../support/free-port.ts';
import { FAST, servedMeter } from '../support/served-meter.ts';
import { silentPort } from '../support/silent-port.ts';

describe('customer number', () => {
  const number = (id: number, value: bigint): Reading =>
    toReading(numberRecord(id, UNIT.number, value, 0, 4), 0);
  const text = (id: number, value: string): Reading =>
    toReading({ id, unit: UNIT.ascii, signExponent: 0, magnitude: Buffer.from(value.padEnd(8, '\0')) }, 0);

  it.each([
    ['both halves', [number(112, 1234n), number(1010, 5678n)], '123400005678'],
    ['no first digits', [number(112, 0n), number(1010, 5678n)], '5678'],
    ['the last digits alone', [number(1010, 5678n)], '5678'],
    ['the first digits alone', [number(112, 1234n)], '1234'],
    ['one register for all', [number(1010, 5678n), text(347, 'K-17')], 'K-17'],
    ['an empty register for all', [number(1010, 5678n), text(347, '')], '5678'],
    ['nothing', [], null],
  ])('the customer number from %s', (_, readings, expected) => {
    expect(customerNumber(readings)).toBe(expected);
  });
});

describe('one shot', () => {
  function options(port: string): OneShotOptions {
    const logger = new CollectingLogger();
    return { port, address: 0x3f, baudRate: FAST, timeoutAllowance: 0, wakeUp: 'none', logger };
  }

  describe('a meter for the length of one command', () => {
    it('is lent, and its result handed on', async () => {
      const { port } = await servedMeter();
      const number = await withMeter(options(port), ({ client, session }) => client.serialNumber(session));
      expect(number).toBe('84968362');
    });

    it('gives its port back, whatever happens', async () => {
      const { port, sockets } = await silentPort();
      const failing = withMeter(options(port), async () => {
        await eventually(() => sockets.size === 1);
        throw new Error('changed my mind');
      });
      await expect(failing).rejects.toThrow('changed my mind');
      await eventually(() => sockets.size === 0);
    });

    it('says that the line went away when the gateway hangs up', async () => {
      const { port, sockets } = await silentPort();
      const reading = withMeter(options(port), async ({ client, session }) => {
        const asked = client.serialNumber(session);
        await eventually(() => sockets.size === 1);
        for (const socket of sockets) socket.end();
        return asked;
      });
      await expect(reading).rejects.toMatchObject({ code: 'channel-closed' });
    });

    it.each([
      ['a serial port that is none', async () => '/dev/there-is-none', 'port-missing'],
      ['a closed port', async () => `tcp://127.0.0.1:${await freePort()}`, 'port-failed'],
    ])('at %s fails', async (_, port, code) => {
      await expect(withMeter(options(await port()), async () => {})).rejects.toMatchObject({ code });
    });

    it('refuses an address without a port', async () => {
      await expect(withMeter(options('tcp://nowhere'), async () => {})).rejects.toMatchObject({
        code: 'usage',
      });
    });
  });
});

describe('probe meter', () => {
  /** A meter that falls silent on requests of which `swallows` is true. */
  class TouchyChannel extends SimulatedChannel {
    swallows: (ids: readonly number[] | undefined) => boolean = () => false;

    override async write(bytes: Uint8Array): Promise<void> {
      const [item] = new FrameReader().push(bytes);
      const message = item?.kind === 'frame' ? decodeMessage(item.frame) : undefined;
      if (this.swallows(message?.kind === 'get-register' ? message.ids : undefined)) return;
      await super.write(bytes);
    }
  }

  async function probed(
    registers: readonly number[],
    swallows: TouchyChannel['swallows'],
  ): Promise<{ result: ProbeResult; progress: string[] }> {
    const clock = new FakeClock();
    const logger = new CollectingLogger();
    const simulator = new Simulator({ meters: [{ model: '403' }], clock, random: () => 0.5, logger });
    const channel = new TouchyChannel(simulator);
    channel.swallows = swallows;
    const session = new MeterSession(channel, lineTiming({ baudRate: 1200, network: false }), clock, logger);
    await channel.open();
    const client = new MeterClient({ destination: 0x3f, counters: newCounters() });
    const progress: string[] = [];
    const visit = new MeterVisit(undefined, 0x3f, logger);
    const probing = probe({ client, session, visit }, registers, ({ asked, total, found }) =>
      progress.push(`${asked} of ${total}, ${found} found`),
    );
    return { result: await clock.runUntil(probing), progress };
  }

  describe('a probe', () => {
    it('tells registers that are there from those that are not', async () => {
      const { result, progress } = await probed([60, 68, 155, 74, 80, 86, 87, 89, 99, 5], () => false);
      expect(result.readings.map(({ register }) => register)).toEqual([60, 68, 74, 80, 86, 87, 89, 99]);
      expect([result.absent, result.silent]).toEqual([[155, 5], []]);
      expect(progress).toEqual(['8 of 10, 7 found', '10 of 10, 8 found']);
    });

    it('loses only the register on which the meter falls silent', async () => {
      const { result } = await probed([60, 68, 155, 74], (ids) => ids?.includes(68) === true);
      expect(result.readings.map(({ register }) => register)).toEqual([60, 74]);
      expect([result.absent, result.silent]).toEqual([[155], [68]]);
    });

    it('fails, and blames no register, when the meter falls asleep', async () => {
      let asleep = false;
      const probing = probed([60, 68, 74], (ids) => {
        asleep ||= ids !== undefined;
        return asleep;
      });
      await expect(probing).rejects.toMatchObject({ code: 'no-answer' });
    });

    it('fails, and blames no register, when the meter falls asleep among single ones', async () => {
      let singles = 0;
      const probing = probed([60, 68, 74], (ids) => {
        if (ids?.length === 1) singles++;
        return ids?.length === 3 || singles > 1;
      });
      await expect(probing).rejects.toMatchObject({ code: 'no-answer' });
    });
  });
});
