import { onTestFinished } from 'vitest';
import { CsvOutput } from '../../../../src/outputs/csv/output.ts';
import { CollectingLogger } from '../../../support/collecting-logger.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { outputParts } from '../../support/output-parts.ts';

export interface CsvFolder {
  readonly output: CsvOutput;
  readonly clock: FakeClock;
  readonly logger: CollectingLogger;
}

/** The output on a folder, started, and stopped when the test ends. */
export function csvFolder(directory: string): CsvFolder {
  const clock = new FakeClock();
  const logger = new CollectingLogger();
  const output = new CsvOutput({ enabled: true, directory }, outputParts({ clock, logger }));
  output.start();
  onTestFinished(() => output.stop());
  return { output, clock, logger };
}
