import { onTestFinished } from 'vitest';
import { MetricsOutput, type MetricsOutputOptions } from '../../../../src/outputs/prometheus/output.ts';
import { CollectingLogger } from '../../../support/collecting-logger.ts';
import { eventually } from '../../../support/eventually.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

/** An output that serves metrics on a free port, until the test ends. */
export async function servedMetrics(changed: Partial<MetricsOutputOptions> = {}) {
  const logger = new CollectingLogger();
  const clock = new FakeClock();
  const output: MetricsOutput = new MetricsOutput({
    host: '127.0.0.1',
    port: 0,
    version: '1.2.3',
    brokerConnected: () => true,
    outputs: () => [output],
    stuck: () => [],
    notReady: () => [],
    clock,
    logger,
    changed: () => {},
    ...changed,
  });
  output.start();
  onTestFinished(() => output.stop());
  await eventually(() => output.port);
  const url = `http://127.0.0.1:${output.port}`;
  const scrape = async (): Promise<string> => (await fetch(`${url}/metrics`)).text();
  return { output, logger, clock, url, scrape };
}
