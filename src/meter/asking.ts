import { MeterClient } from '../link/client.ts';
import type { Line } from '../link/line.ts';
import { type Addressee, newCounters } from '../link/session.ts';
import { Budget } from '../shared/budget.ts';
import type { Clock } from '../shared/clock.ts';
import { Multical2MqttError } from '../shared/errors.ts';
import { type Battery, costSince } from './battery.ts';
import type { MeterSettings } from './config.ts';
import type { ReadingRefused } from './read-commands.ts';
import type { HeardRegister, RegisterMemory } from './register-memory.ts';

interface AskingParts {
  readonly line: Line;
  readonly battery: Pick<Battery, 'refusal' | 'charge'>;
  readonly addressee: Omit<Addressee, 'counters'>;
  readonly memory: RegisterMemory | undefined;
  readonly clock: Clock;
}

const MOST_A_MINUTE = 10;

/** One request for any registers, for a person who wants to see what they hold. */
export class Asking {
  private readonly settings: Pick<MeterSettings, 'wakeUp'>;
  private readonly parts: AskingParts;
  private readonly budget: Budget;

  constructor(settings: Pick<MeterSettings, 'wakeUp'>, parts: AskingParts) {
    this.settings = settings;
    this.parts = parts;
    this.budget = new Budget(MOST_A_MINUTE, MOST_A_MINUTE / 60, parts.clock);
  }

  /**
   * Asks between two readings. Gives the registers that the meter has, or why it is not asked; none when `gone` is aborted
   * before its turn. Errors as of the line; `port-busy` where another program has it.
   */
  async ask(ids: readonly number[], gone: AbortSignal): Promise<readonly HeardRegister[] | ReadingRefused> {
    const { line, clock } = this.parts;
    const refused = this.refusal;
    if (refused !== undefined) return refused;
    if (line.isLent) throw inUse(line.name);
    this.budget.spend(1);
    return line.withSession(async (session) => {
      // The reading before may have been the last one of today.
      const late = this.parts.battery.refusal;
      if (late !== undefined) return { because: 'enough-today', reason: late };
      if (gone.aborted) return [];
      const { battery, memory, addressee } = this.parts;
      const counters = newCounters();
      const client = new MeterClient({ ...addressee, counters }, this.settings.wakeUp);
      try {
        await client.wake(session);
        const records = [];
        for await (const batch of client.registers(session, ids)) records.push(...batch.records);
        memory?.heard(records);
        const readAt = clock.now();
        return records.map((record) => ({ record, readAt }));
      } finally {
        const cost = costSince(newCounters(), counters);
        if (cost.transactions > 0) battery.charge({ ...cost, readings: 1 });
      }
    });
  }

  private get refusal(): ReadingRefused | undefined {
    const { refusal } = this.parts.battery;
    if (refusal !== undefined) return { because: 'enough-today', reason: refusal };
    if (this.budget.wait === 0) return undefined;
    const reason = `The meter was asked ${MOST_A_MINUTE} times in a minute, which is enough for its battery. Wait a little.`;
    return { because: 'too-soon', reason };
  }
}

export function inUse(port: string): Multical2MqttError {
  const message = `Somebody else uses ${port} now: a head is being placed on a page, or a command asks there. Ask again when that has ended.`;
  return new Multical2MqttError('port-busy', message);
}
