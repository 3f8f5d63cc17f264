import { describe, expect, it, onTestFinished } from 'vitest';
import { messageOf } from '../../src/shared/errors.ts';
import { parseFault } from '../../src/simulator/faults.ts';
import { PolledLine } from '../support/polled-line.ts';

const HERE = new AbortController().signal;

async function readOnce(): Promise<PolledLine> {
  const polled = new PolledLine({ detailSchedule: 'never', now: Date.UTC(2026, 0, 15, 12) });
  onTestFinished(() => polled.stop());
  await polled.firstReading();
  return polled;
}

describe('asking for single registers', () => {
  it('publishes nothing, and leaves the next reading as it is', async () => {
    const polled = await readOnce();
    const before = polled.publisher.readings.length;
    const { requests } = polled.simulator.statistics;
    expect(await polled.clock.runUntil(polled.meter.ask([60, 4242], HERE))).toMatchObject([
      { record: { id: 60 } },
    ]);
    expect(polled.simulator.statistics.requests).toBe(requests + 1);
    expect(polled.publisher.readings).toHaveLength(before);
    expect(polled.meter.status.diagnostics.transactions).toBe(requests);
    await polled.tick('hourly');
    expect(polled.meter.status.diagnostics).toMatchObject({ readings: 2, failedReadings: 0 });
  });

  it('of a meter that is silent fails in words, costs what it cost, and is no failed reading', async () => {
    const polled = await readOnce();
    polled.simulator.setFaults([parseFault('silence')]);
    const failure = polled.meter.ask([60], HERE).catch(messageOf);
    expect(await polled.clock.runUntil(failure)).toMatch(/did not answer .* check the cable/);
    expect(polled.meter.spent.today.readings).toBe(2);
    expect(polled.meter.status).toMatchObject({ online: true, diagnostics: { failedReadings: 0 } });
    polled.simulator.setFaults([]);
    await polled.tick('hourly');
    expect(polled.meter.status.diagnostics).toMatchObject({ readings: 2, failedReadings: 0 });
  });

  it('does not wait for a port that another program has, and works when it is back', async () => {
    const polled = await readOnce();
    const back = new AbortController();
    const free = polled.line.freePort(back.signal);
    // Before it has its turn, and while it has the port.
    for (const turn of [Promise.resolve(), free]) {
      await polled.clock.runUntil(turn);
      const error = await polled.meter.ask([60], HERE).catch((reason: unknown) => reason);
      expect(messageOf(error)).toMatch(/^Somebody else uses the port now: .* Ask again/);
    }
    expect(polled.meter.spent.today.readings).toBe(1);
    back.abort();
    expect(await polled.clock.runUntil(polled.meter.ask([60], HERE))).toHaveLength(1);
  });
});
