import { systemClock } from '../../src/shared/clock.ts';
import { MODELS, type ModelName } from '../../src/simulator/models/models.ts';
import { newStatistics } from '../../src/simulator/options.ts';
import { VirtualMeter } from '../../src/simulator/virtual-meter.ts';
import type { Chance } from '../chance.ts';

/** So that totals move with each reading, and live values every second: an old value is not a right one by chance. */
const SPEED = 20;
const TURNAROUND = 20;
/** Wh and l that a neighbour's meter is ahead. */
const NEIGHBOUR_AHEAD = 3_000;

interface House {
  readonly own: VirtualMeter;
  readonly neighbour: VirtualMeter;
  readonly stranger: VirtualMeter;
}

/** A meter, one of the same model with almost the same totals, and one whose totals are far from both. */
/** `number`: the serial number of the first; the others have the next two. */
export function houseOf(model: ModelName, number: number, chance: Chance): House {
  const { start } = MODELS[model];
  const meter = (serialNumber: number, changed: Partial<typeof start>, name: string) =>
    new VirtualMeter({
      model: { ...MODELS[model], start: { ...start, ...changed } },
      serialNumber,
      speed: SPEED,
      turnaround: TURNAROUND,
      clock: systemClock,
      random: chance.fork(name).random,
      statistics: newStatistics(),
    });
  return {
    own: meter(number, {}, 'own'),
    neighbour: meter(
      number + 1,
      { heatEnergy: start.heatEnergy + NEIGHBOUR_AHEAD, volume: start.volume + NEIGHBOUR_AHEAD },
      'neighbour',
    ),
    stranger: meter(
      number + 2,
      {
        heatEnergy: start.heatEnergy * 0.4,
        volume: start.volume * 0.3,
        operatingHours: start.operatingHours * 0.5,
      },
      'stranger',
    ),
  };
}
