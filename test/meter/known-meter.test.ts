import { describe, expect, it } from 'vitest';
import { KnownMeter } from '../../src/meter/known-meter.ts';
import { derivedReading } from '../../src/readings/pipeline.ts';
import { number } from '../readings/support/readings.ts';
import { FakeClock } from '../support/fake-clock.ts';

const PLACE = {
  name: 'Heating',
  port: 'the port',
  address: 0x3f,
  registers: 'auto',
  schedules: ['0 * * * *'],
  detailSchedule: '30 3 * * *',
  fineEnergy: false,
  meanTemperatures: false,
} as const;

/** A meter that has `present`, of which `quantity` was made. */
function meterWith(quantity: string, present: readonly number[]): KnownMeter {
  return new KnownMeter('84968362', PLACE, {}, new FakeClock(), {
    ...PLACE,
    serialNumber: '84968362',
    type: null,
    present,
    absent: [],
    lengths: [],
    latest: [derivedReading(quantity, { value: number('1.0'), unit: '', readAt: 0 })],
    interpretation: undefined,
    account: undefined,
    details: undefined,
  });
}

/** Three replies in a row leave it out. */
function lose(meter: KnownMeter, id: number): readonly string[] {
  for (let reply = 0; reply < 3; reply++) meter.learn({ records: [], absent: [id], silent: [] });
  return meter.latest.map(({ quantity }) => quantity);
}

describe('what is made of registers', () => {
  it('stays when one of them is gone in place of which there is another', () => {
    expect(lose(meterWith('heat_energy_fine', [60, 266, 155]), 155)).toEqual(['heat_energy_fine']);
    expect(lose(meterWith('meter_clock', [348, 1003, 1002]), 1002)).toEqual(['meter_clock']);
    expect(lose(meterWith('mean_cooling', [68, 97, 110]), 60)).toEqual(['mean_cooling']);
  });

  it('is gone with the last one of them, and with one that nothing stands in for', () => {
    const meter = meterWith('heat_energy_fine', [60, 266, 155]);
    lose(meter, 155);
    expect(lose(meter, 266)).toEqual([]);
    expect(lose(meterWith('heat_energy_fine', [60, 266, 155]), 60)).toEqual([]);
    expect(lose(meterWith('mean_cooling', [68, 97, 110]), 97)).toEqual([]);
    expect(lose(meterWith('meter_clock', [1003, 1002]), 1002)).toEqual([]);
  });
});
