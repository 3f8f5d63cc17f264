import { describe, expect, it } from 'vitest';
import { type ProbeResult, probe } from '../../src/app/probe-meter.ts';
import { FrameReader } from '../../src/kmp/frame-reader.ts';
import { decodeMessage } from '../../src/kmp/message.ts';
import { MeterClient } from '../../src/meter/meter-client.ts';
import { newCounters } from '../../src/meter/meter-counters.ts';
import { MeterSession } from '../../src/meter/meter-session.ts';
import { lineTiming } from '../../src/meter/timing.ts';
import { SimulatedChannel } from '../../src/simulator/simulated-channel.ts';
import { Simulator } from '../../src/simulator/simulator.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { FakeClock } from '../support/fake-clock.ts';

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
  const probing = probe({ client, session }, registers, ({ asked, total, found }) =>
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
