import type { MqttConnection } from '../../mqtt/connection.ts';
import type { Topics } from '../../mqtt/topics.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Output } from '../output.ts';
import { outputsJson } from './diagnostics-json.ts';

export interface BridgeDiagnosticsOptions {
  readonly connection: MqttConnection;
  readonly topics: Topics;
  readonly others: readonly Output[];
  readonly clock: Clock;
}

/** A hundred deliveries in a second are one message. */
const PAUSE = 1_000;

/** The health of the other outputs at the broker. Without any, the topic is emptied: there may have been some. */
export class BridgeDiagnostics {
  private readonly options: BridgeDiagnosticsOptions;
  private cancel: () => void = () => {};
  private pausing = false;

  constructor(options: BridgeDiagnosticsOptions) {
    this.options = options;
  }

  start(): void {
    this.publish();
  }

  changed(): void {
    if (this.pausing) return;
    this.pausing = true;
    this.cancel = this.options.clock.after(PAUSE, () => {
      this.pausing = false;
      this.publish();
    });
  }

  stop(): void {
    this.cancel();
    this.pausing = true;
  }

  private publish(): void {
    const { connection, topics, others } = this.options;
    if (others.length === 0) connection.clear(topics.bridgeDiagnostics);
    else connection.publish(topics.bridgeDiagnostics, outputsJson(others));
  }
}
