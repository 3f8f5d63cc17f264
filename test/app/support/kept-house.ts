import { onTestFinished } from 'vitest';
import { BridgeHistory } from '../../../src/app/history-source.ts';
import { HistoryRecorder } from '../../../src/history/recorder.ts';
import type { Reading } from '../../../src/readings/reading.ts';
import type { ApiAnswer, ApiRequest } from '../../../src/web/route.ts';
import { historyRoutes } from '../../../src/web/routes/history.ts';
import { METER } from '../../outputs/support/meter-readings.ts';
import { number, reading } from '../../readings/support/readings.ts';
import { CollectingLogger } from '../../support/collecting-logger.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

export const ZONE = 'Europe/Copenhagen';

/** A recorder with what the page asks of it. */
export function house(
  units: Readonly<Record<string, string>> = {},
  now = Date.UTC(2026, 9, 24, 22),
  file = `${temporaryFolder()}/history.db`,
) {
  const clock = new FakeClock(now);
  const logger = new CollectingLogger();
  const recorder = new HistoryRecorder({ file, mostBytes: 1e9, clock, logger });
  recorder.start();
  onTestFinished(() => recorder.stop());
  const { name } = METER;
  let latest: readonly Reading[] = [];
  const source = new BridgeHistory({
    recorder,
    meters: () => [{ name, timezone: ZONE, units, price: 100.5, currency: 'DKK' }],
    publishedUnits: () => ({}),
    latest: () => latest,
  });
  const routes = historyRoutes(source);
  const take = (energy: string, at: number): void =>
    recorder.readingTaken(METER, [
      { ...reading(60, number(energy), 'GJ'), readAt: at },
      { ...reading(86, number('-1.50'), '°C'), readAt: at },
    ]);
  const get = (ending: string, query: Record<string, string | number> = {}, meter = name): ApiAnswer => {
    const route = routes.find(({ path }) => path === `api/v1/meters/:name/${ending}`);
    const request: ApiRequest = {
      language: 'en',
      parameters: { name: meter },
      query: new URLSearchParams(
        Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]),
      ),
      body: undefined,
      gone: new AbortController().signal,
    };
    return route?.handle(request) as ApiAnswer;
  };
  const setLatest = (...readings: readonly Reading[]): void => {
    latest = readings;
  };
  return { setLatest, source, take, get, recorder, file, clock, logger };
}

export const json = (answer: ApiAnswer): unknown => ('json' in answer ? answer.json : undefined);
