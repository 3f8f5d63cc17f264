import { onTestFinished } from 'vitest';
import type { OutputParts } from '../../../../src/outputs/output.ts';
import { MetricsOutput } from '../../../../src/outputs/prometheus/output.ts';
import { eventually } from '../../../support/eventually.ts';
import { outputParts } from '../../support/output-parts.ts';

/** An output that serves metrics on a free port, until the test ends. */
export async function servedMetrics(changed: Partial<OutputParts> = {}) {
  const parts = outputParts({});
  const { clock, logger } = parts;
  const output: MetricsOutput = new MetricsOutput(
    { enabled: true, host: '127.0.0.1', port: 0, allowedHosts: [] },
    { ...parts, outputs: () => [output], ...changed },
  );
  output.start();
  onTestFinished(() => output.stop());
  await eventually(() => output.port);
  const url = `http://127.0.0.1:${output.port}`;
  const scrape = async (): Promise<string> => (await fetch(`${url}/metrics`)).text();
  return { output, logger, clock, url, scrape };
}
