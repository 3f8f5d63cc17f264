import type { Output } from '../output.ts';
import type { Sample } from './sample.ts';

/** How the deliveries of one output go. */
export function outputSamples({ name, health }: Pick<Output, 'name' | 'health'>): readonly Sample[] {
  const { waiting, delivered, refused, lost, lastDelivery, problem } = health;
  const sample = (type: Sample['type'], metric: string, help: string, value: number): Sample => ({
    metric: `multical2mqtt_output_${metric}`,
    help,
    type,
    labels: { output: name },
    value,
  });
  return [
    sample('gauge', 'healthy', 'Whether the output has no problem.', problem === null ? 1 : 0),
    sample('gauge', 'waiting', 'What the server of the output has not taken yet.', waiting),
    sample('counter', 'delivered_total', 'What the output has delivered.', delivered),
    sample('counter', 'refused_total', 'What was refused for good and set aside.', refused),
    sample('counter', 'lost_total', 'What was given up as too old or too much.', lost),
    ...(lastDelivery === null
      ? []
      : [sample('gauge', 'last_delivery_timestamp_seconds', 'When it last delivered.', lastDelivery / 1000)]),
  ];
}
