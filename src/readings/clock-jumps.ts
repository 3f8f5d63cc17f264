import { fieldsOf } from '../shared/stored.ts';
import type { ClockSet } from './meter-event.ts';
import type { Reading } from './reading.ts';

const HOUR = 3600;
/** Seconds between two looks at a clock that nobody set: replies come late, and the bridge's own clock is put right a little. */
const UNSET = 30;
/** What the quartz of a meter and of a computer may go apart. */
const GOING_APART = 100e-6;

interface Look {
  /** Seconds that the meter's clock is ahead. */
  readonly drift: number;
  readonly readAt: number;
}

/**
 * Notices that the meter's clock was set. A drift that jumps may as well be the bridge's clock, wrong for a while after a
 * power cut: so it has to stay where it jumped to until the clock is read once more.
 */
export class ClockJumps {
  private settled: Look | undefined;
  private jumped: Look | undefined;

  /** `remembered`: what `toRemember` gave, or anything. */
  constructor(remembered: unknown) {
    const { settled, jumped } = fieldsOf(remembered);
    this.settled = restored(settled);
    this.jumped = restored(jumped);
  }

  notice(readings: readonly Reading[]): readonly ClockSet[] {
    const drift = readings.findLast(({ quantity }) => quantity === 'clock_drift');
    if (drift?.value.kind !== 'number') return [];
    const look = { drift: drift.value.value.toNumber(), readAt: drift.readAt };
    const { settled, jumped } = this;
    const hasJumped = settled !== undefined && isJump(settled, look);
    const stays = jumped !== undefined && !isJump(jumped, look);
    this.jumped = hasJumped && !stays ? look : undefined;
    if (!hasJumped || stays) this.settled = look;
    if (settled === undefined || !hasJumped || !stays) return [];
    return [{ kind: 'clock-set', by: look.drift - settled.drift, readAt: look.readAt }];
  }

  toRemember(): object {
    return { settled: this.settled, jumped: this.jumped };
  }
}

/** An hour more or less is summer time, which some meters show and others do not. */
function isJump(before: Look, now: Look): boolean {
  const by = Math.abs(now.drift - before.drift);
  const slack = UNSET + (GOING_APART * Math.abs(now.readAt - before.readAt)) / 1000;
  return by > slack && Math.abs(by - HOUR) > slack;
}

function restored(look: unknown): Look | undefined {
  const { drift, readAt } = fieldsOf(look);
  return typeof drift === 'number' && typeof readAt === 'number' ? { drift, readAt } : undefined;
}
