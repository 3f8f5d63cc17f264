import type { MqttConnection } from '../../mqtt/mqtt-connection.ts';
import type { Clock } from '../../shared/clock.ts';
import { messageOf } from '../../shared/errors.ts';
import type { DeviceUpdate, DomoticzRoute, Outcome } from './domoticz-route.ts';

/**
 * Through the broker, to the topic that Domoticz listens to. Not retained: Domoticz would take a retained value again at
 * each of its starts, as if it had been read then.
 */
export class MqttRoute implements DomoticzRoute {
  private readonly connection: MqttConnection;
  private readonly topic: string;
  private readonly clock: Clock;

  constructor(connection: MqttConnection, topic: string, clock: Clock) {
    this.connection = connection;
    this.topic = topic;
    this.clock = clock;
  }

  deliver(update: DeviceUpdate, signal: AbortSignal): Promise<Outcome> {
    return new Promise((resolve) => {
      const settle = (outcome: Outcome): void => {
        forget();
        signal.removeEventListener('abort', gone);
        resolve(outcome);
      };
      const gone = (): void => settle(this.away());
      // What was under way when a connection ended is never answered: the next connection tells.
      const forget = this.connection.onConnected(gone);
      signal.addEventListener('abort', gone, { once: true });
      const sent = this.connection.send(this.topic, udevice(update), (error) =>
        settle(error === undefined ? { kind: 'taken' } : refused(error)),
      );
      if (!sent) gone();
    });
  }

  whenWorthATry(action: () => void): () => void {
    if (this.connection.connected) return this.clock.after(0, action);
    const end = this.connection.onConnected(() => {
      end();
      action();
    });
    return end;
  }

  async close(): Promise<void> {}

  private away(): Outcome {
    const { connected, problem } = this.connection.state;
    const silent = connected ? BROKE_OFF : NOT_YET;
    return { kind: 'away', problem: problem ?? silent, logged: true };
  }
}

const BROKE_OFF = 'The connection to the MQTT broker ended before it had taken the value.';
const NOT_YET = 'There is no connection to the MQTT broker yet.';

function udevice({ index, svalue }: DeviceUpdate): string {
  return JSON.stringify({ command: 'udevice', idx: index, nvalue: 0, svalue });
}

function refused(error: unknown): Outcome {
  const why = `the MQTT broker does not let us send it (${messageOf(error)})`;
  return { kind: 'refused', why, logged: true };
}
