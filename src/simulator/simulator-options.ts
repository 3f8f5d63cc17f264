import type { Logger } from '../log/logger.ts';
import type { Random } from '../shared/back-off.ts';
import type { Clock } from '../shared/clock.ts';
import type { ConditionName } from './conditions.ts';
import type { Fault } from './faults.ts';
import type { RegisterDefinition } from './models/meter-model.ts';
import type { ModelName } from './models/models.ts';

export interface SimulatedMeterOptions {
  readonly model: ModelName;
  /** Default: the model's. */
  readonly serialNumber?: number;
  /** Default: 3F. */
  readonly address?: number;
  /** Simulated seconds a second (default 1); the meter's own clock runs as fast. */
  readonly speed?: number;
  /** Registers that differ from the model's: a definition replaces or adds, null takes away. */
  readonly registers?: Readonly<Record<number, RegisterDefinition | null>>;
  /** What is the matter with the meter. */
  readonly conditions?: readonly ConditionName[];
  /** The eye sleeps after so many milliseconds (the models say which) until `pressButton()`. Default: always awake. */
  readonly awakeFor?: number;
  /** The old call at 300 baud wakes the eye as a button does. */
  readonly wakesByCall?: boolean;
}

export interface SimulatorOptions {
  /** One line, one meter or several with different addresses. */
  readonly meters: readonly SimulatedMeterOptions[];
  /** Default 1200; `Infinity` for a line that takes no time. */
  readonly baudRate?: number;
  /** From a request's last byte to the reply's first, in milliseconds (default 20). */
  readonly turnaround?: number;
  readonly faults?: readonly Fault[];
  /** What the fault `late` adds, in milliseconds (default 2200: after the reader gave up). */
  readonly lateBy?: number;
  /** How long the fault `unplug` lasts, in milliseconds (default 5000). */
  readonly unpluggedFor?: number;
  readonly clock: Clock;
  /** 0 inclusive to 1 exclusive. */
  readonly random: Random;
  readonly logger: Logger;
}
