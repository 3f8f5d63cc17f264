import { defineOutput } from '../output.ts';

export interface MetricsConfig {
  readonly enabled: boolean;
  readonly host: string;
  readonly port: number;
}

export const metrics = defineOutput({
  name: 'metrics',
  label: 'Prometheus metrics',
  entityLabel: 'Metrics',
  noun: 'page',
});
