import { afterEach, describe, expect, it } from 'vitest';
import { PolledLine, type PolledLineOptions } from '../support/polled-line.ts';

let polled: PolledLine;

afterEach(() => polled.stop());

/** A 403 whose eye sleeps after four minutes, and that hears the old call. */
async function sleepyMeter(options: PolledLineOptions): Promise<void> {
  polled = new PolledLine({
    meters: [{ model: '403', awakeFor: 240_000, wakesByCall: true }],
    detailSchedule: 'never',
    ...options,
  });
  await polled.firstReading();
  await polled.clock.advance(3_600_000);
}

describe('a meter that sleeps', () => {
  it('does not answer without the call', async () => {
    await sleepyMeter({});
    await polled.tick('hourly');
    expect(polled.publisher.readings).toHaveLength(1);
    expect(polled.publisher.diagnostics.at(-1)).toMatchObject({ readings: 1, failedReadings: 1 });
  });

  it('answers after the call at 300 baud, which costs no further wake-up', async () => {
    await sleepyMeter({ wakeUp: 'preamble' });
    const before = polled.publisher.diagnostics.at(-1);
    await polled.tick('hourly');
    const after = polled.publisher.diagnostics.at(-1);
    expect(polled.publisher.readings).toHaveLength(2);
    expect((after?.wakeUps ?? 0) - (before?.wakeUps ?? 0)).toBe(1);
    // Three bytes of the call and twenty-three of the request.
    expect((after?.bytesSent ?? 0) - (before?.bytesSent ?? 0)).toBe(26);
  });
});
