import type { Awaited, MeterIdentity } from '../../meter/publisher.ts';
import type { MqttConnection } from '../../mqtt/connection.ts';
import type { Reading } from '../../readings/reading.ts';
import { SelectivePublisher } from '../output.ts';

// biome-ignore format: a table reads best in rows
/** The names of matthijsvisser/kamstrup-402-mqtt (readme, 2025-11) and the registers behind them. */
export const VALUE_NAMES: readonly (readonly [name: string, register: number])[] = [
  ['energy', 60], ['power', 80], ['temp1', 86], ['temp2', 87], ['tempdiff', 89], ['flow', 74], ['volume', 68],
  ['minflow_m', 141], ['maxflow_m', 139], ['minflowDate_m', 140], ['maxflowDate_m', 138],
  ['minpower_m', 145], ['maxpower_m', 143], ['avgtemp1_m', 149], ['avgtemp2_m', 150],
  ['minpowerdate_m', 144], ['maxpowerdate_m', 142],
  ['minflow_y', 126], ['maxflow_y', 124], ['minflowdate_y', 125], ['maxflowdate_y', 123],
  ['minpower_y', 130], ['maxpower_y', 128], ['avgtemp1_y', 146], ['avgtemp2_y', 147],
  ['minpowerdate_y', 129], ['maxpowerdate_y', 127],
  ['temp1xm3', 97], ['temp2xm3', 110], ['infoevent', 113], ['hourcounter', 1004],
];

/**
 * The one topic of matthijsvisser/kamstrup-402-mqtt, for automations that were made for it. Of what that program writes
 * one thing is left out: a value that is missing, which it writes as it comes, is no member here.
 */
export class ValuesPublisher extends SelectivePublisher {
  private readonly connection: MqttConnection;
  private readonly topic: string;

  constructor(connection: MqttConnection, topic: string) {
    super();
    this.connection = connection;
    this.topic = topic;
  }

  override readingTaken(
    _meter: MeterIdentity,
    fresh: readonly Reading[],
    latest: readonly Reading[],
    _awaited?: Awaited,
    goesOn = false,
  ): void {
    // A figure that only ended with its day is no reading.
    if ((goesOn ? latest : fresh).some(({ register }) => register !== null))
      this.connection.publish(this.topic, valuesJson(latest));
  }

  override meterForgotten(): void {
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
