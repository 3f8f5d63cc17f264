import type { MqttConnection } from '../../mqtt/mqtt-connection.ts';
import type { Reading } from '../../readings/reading.ts';
import type { MeterIdentity, Publisher } from '../publisher.ts';
import { VALUE_NAMES } from './value-names.ts';

/**
 * The one topic of matthijsvisser/kamstrup-402-mqtt, for automations that were made for it. Of what that program writes
 * one thing is left out: a value that is missing, which it writes as it comes, is no member here.
 */
export class ValuesPublisher implements Publisher {
  private readonly connection: MqttConnection;
  private readonly topic: string;

  constructor(connection: MqttConnection, topic: string) {
    this.connection = connection;
    this.topic = topic;
  }

  meterIdentified(): void {}

  readingTaken(_meter: MeterIdentity, fresh: readonly Reading[], latest: readonly Reading[]): void {
    // A figure that only ended with its day is no reading.
    if (fresh.some(({ register }) => register !== null))
      this.connection.publish(this.topic, valuesJson(latest));
  }

  availabilityChanged(): void {}

  diagnosticsChanged(): void {}

  meterForgotten(): void {
    this.connection.clear(this.topic);
  }
}

/** Numbers without units; dates as the number YYMMDD. */
export function valuesJson(readings: readonly Reading[]): string {
  const byRegister = new Map(readings.map((reading) => [reading.register, reading]));
  const members = VALUE_NAMES.flatMap(([name, register]) => {
    const number = numberOf(byRegister.get(register)?.value);
    return number === undefined ? [] : [`${JSON.stringify(name)}: ${number}`];
  });
  return `{${members.join(', ')}}`;
}

function numberOf(value: Reading['value'] | undefined): string | undefined {
  if (value?.kind === 'number') return value.value.toFixed(value.decimals);
  if (value?.kind !== 'date' || value.value === null) return undefined;
  // Without zeros in front: JSON knows no such numbers.
  return String(Number(value.value.replaceAll('-', '').slice(2)));
}
