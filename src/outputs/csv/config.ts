import { defineOutput } from '../output.ts';

export interface CsvConfig {
  readonly enabled: boolean;
  readonly directory: string;
}

export const csv = defineOutput({ name: 'csv', label: 'CSV files', noun: 'value' });
