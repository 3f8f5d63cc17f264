import type { MeterClient } from '../link/client.ts';
import type { MeterSession } from '../link/session.ts';
import type { Clock } from '../shared/clock.ts';
import { Multical2MqttError } from '../shared/errors.ts';

/** Nobody puts a head on another meter in less time. */
const SOONEST_MOVE = 500;

/** Makes sure that all of a log comes from one meter: nothing in a page tells whose it is. */
export class SameMeter {
  private readonly client: MeterClient;
  private readonly clock: Pick<Clock, 'monotonic'>;
  private readonly serialNumber: string;
  private heardAt: number;
  private failedTries: number;

  /** To be made when it has just told its number. */
  constructor(client: MeterClient, clock: Pick<Clock, 'monotonic'>, serialNumber: string) {
    this.client = client;
    this.clock = clock;
    this.serialNumber = serialNumber;
    this.heardAt = clock.monotonic();
    this.failedTries = client.failedTries;
  }

  /**
   * What `ask` gives; where the head may have been moved since the last answer, the meter tells its number once more. Error
   * `cancelled` where that is another one.
   */
  async said<Answer>(session: MeterSession, ask: () => Promise<Answer>): Promise<Answer> {
    const pause = this.clock.monotonic() - this.heardAt;
    const answer = await ask();
    if (pause >= SOONEST_MOVE || this.client.failedTries !== this.failedTries) {
      const found = await this.client.serialNumber(session);
      if (found !== this.serialNumber) throw anotherMeter(this.serialNumber, found);
      this.failedTries = this.client.failedTries;
    }
    this.heardAt = this.clock.monotonic();
    return answer;
  }
}

/** The rest of its log has to wait. */
export function anotherMeter(expected: string, found: string): Multical2MqttError {
  const message = `Meter ${found} answers where meter ${expected} was: its log is read after its first reading.`;
  return new Multical2MqttError('cancelled', message);
}
