import type { Sample } from './sample.ts';

/** The program itself. */
export interface BridgeFacts {
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly residentMemory: number;
  /** Undefined where there is no broker. */
  readonly brokerConnected: boolean | undefined;
}

export function bridgeSamples({
  version,
  startedAt,
  residentMemory,
  brokerConnected,
}: BridgeFacts): readonly Sample[] {
  const gauge = (metric: string, help: string, value: number, labels = {}): Sample => ({
    metric: `multical2mqtt_${metric}`,
    help,
    type: 'gauge',
    labels,
    value,
  });
  return [
    gauge('build_info', 'Which version of multical2mqtt runs.', 1, { version }),
    gauge('start_time_seconds', 'When the bridge was started.', startedAt / 1000),
    gauge('resident_memory_bytes', 'Memory that the bridge takes.', residentMemory),
    ...(brokerConnected === undefined
      ? []
      : [gauge('broker_connected', 'Whether the MQTT broker is connected.', +brokerConnected)]),
  ];
}
