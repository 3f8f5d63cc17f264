import { UNIT } from '../../catalogue/units.ts';
import {
  type LogModel,
  peakRows,
  type RegisterDefinition,
  type RegisterRow,
  registerDefinitions,
} from './meter-model.ts';

const TIME = [348, 1003, 1002];
/** Of the hour, and of the moment in which the row was written. */
const MOMENT = [60, 63, 97, 110, 68, 84, 85, 69, 369, 99, 86, 87, 74, 80, 75];

/**
 * Depths of TD403 section 3.2.10; the year's registers as a real meter listed them (jktjkt/PyKMP), the others with what
 * its log dumper asks for. The first minute logger's interval and both depths are made up: whoever mounts a meter sets
 * them. The second one is empty as in a captured frame.
 */
export const X3_LOG: LogModel = {
  dialect: 'logger',
  loggers: [
    {
      name: 'year',
      depth: 20,
      registers: [
        ...[60, 63, 97, 110, 64, 65, 362, 68, 84, 85, 369, 99, 123, 383, 124, 125, 384, 126, 127, 385, 128],
        ...[129, 386, 130, 1004, 175, 94, 61, 62, 95, 96, 473, 474, 69, 224, 225, 72, 73, 515, 338, ...TIME],
      ],
    },
    {
      name: 'month',
      depth: 36,
      registers: [
        ...[60, 63, 97, 110, 64, 65, 362, 68, 84, 85, 369, 99, 138, 387, 139, 140, 388, 141, 142, 389, 143],
        ...[144, 390, 145, 1004, 175, 94, 61, 62, 95, 96, 473, 474, 69, 224, 225, 72, 73, 515, 338, ...TIME],
      ],
    },
    { name: 'day', depth: 460, registers: [...MOMENT, 379, 380, 1004, 175, 338, ...TIME] },
    { name: 'hour', depth: 72, registers: [...MOMENT, 381, 382, 338, ...TIME] },
    { name: 'minute-1', depth: 960, interval: 15, registers: [60, 68, 86, 87, 74, 80, ...TIME] },
    { name: 'minute-2', depth: 960, interval: 0, registers: [60, 68, 86, 87, 74, 80, ...TIME] },
  ],
};

/** 36 months and 460 days (TD21 p. 49); hours as somebody reads them from a flowIQ, registers as jktjkt/PyKMP names them. */
export const WATER_LOG: LogModel = {
  dialect: 'logger',
  loggers: [
    { name: 'month', depth: 36, registers: [68, 99, 409, 458, 1004, 622, ...TIME] },
    { name: 'day', depth: 460, registers: [68, 99, 409, 458, 1004, 622, ...TIME] },
    { name: 'hour', depth: 48, registers: [68, 99, 409, 458, 1004, 622, ...TIME] },
  ],
};

/** An hour as in the example of 5512-447 section 6.3; its depth is made up. */
export const INTERVAL_LOG: LogModel = {
  dialect: 'interval-log',
  loggers: [
    {
      name: 'interval',
      depth: 1400,
      interval: 60,
      registers: [
        60, 61, 62, 63, 68, 69, 72, 73, 74, 75, 80, 84, 85, 86, 87, 88, 89, 97, 99, 110, 1002, 1003, 1004,
      ],
    },
  ],
};

/** Registers that stand in logs alone, in the units and lengths of another register of the meter. */
// biome-ignore format: a table reads best in rows
const AS_ANOTHER: readonly (readonly [id: number, like: number, source: RegisterDefinition['source']])[] = [
  [94, 60, 0], [95, 60, 0], [96, 60, 0], [362, 60, 0], [473, 60, 0], [474, 60, 0],
  [69, 68, 0], [224, 84, 0], [225, 84, 0], [73, 72, 0], [75, 74, 0], [175, 1004, 0],
  [379, 86, 'meanFlowTemperatureDay'], [380, 87, 'meanReturnTemperatureDay'],
  [381, 86, 'meanFlowTemperatureHour'], [382, 87, 'meanReturnTemperatureHour'],
];

// biome-ignore format: a table reads best in rows
const LOGGED_ONLY: readonly RegisterRow[] = [
  ...peakRows(4),
  [338, UNIT.number, 4, 0, 0],
  [383, UNIT.clock, 4, 0, 'maxFlowYearTime'],
  [384, UNIT.clock, 4, 0, 'minFlowYearTime'],
  [385, UNIT.clock, 4, 0, 'maxPowerYearTime'],
  [386, UNIT.clock, 4, 0, 'minPowerYearTime'],
  [387, UNIT.clock, 4, 0, 'maxFlowMonthTime'],
  [388, UNIT.clock, 4, 0, 'minFlowMonthTime'],
  [389, UNIT.clock, 4, 0, 'maxPowerMonthTime'],
  [390, UNIT.clock, 4, 0, 'minPowerMonthTime'],
  [515, UNIT.number, 4, 0, 0],
];
const LOGGED_ONLY_BY_ID = registerDefinitions(LOGGED_ONLY);

/** The form of a register in a log; undefined where this meter does not have it. */
export function loggedDefinition(
  id: number,
  registers: ReadonlyMap<number, RegisterDefinition>,
): RegisterDefinition | undefined {
  const own = registers.get(id);
  if (own !== undefined) return own;
  const [, like = id, source = 0] = AS_ANOTHER.find(([each]) => each === id) ?? [];
  const other = registers.get(like);
  return other === undefined ? LOGGED_ONLY_BY_ID.get(id) : { ...other, source };
}
