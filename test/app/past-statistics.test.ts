import { Big } from 'big.js';
import { expect, it } from 'vitest';
import { PastStatistics } from '../../src/app/past-statistics.ts';
import { openHistory } from '../../src/history/file.ts';
import { LogStore } from '../../src/history/log-store.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { METER } from '../outputs/support/meter-readings.ts';
import { apiServer } from '../statistics/support/api-server.ts';
import { FakeHomeAssistant } from '../statistics/support/fake-home-assistant.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';

import { temporaryFolder } from '../support/temporary-folder.ts';

const NOW = Date.UTC(2026, 0, 15, 12);

it('what is kept of a log is brought into Home Assistant when it has begun to count, and what keeps it from that is said once', async () => {
  const logger = new CollectingLogger();
  const dataDir = temporaryFolder();
  const { database } = openHistory(`${dataDir}/history.db`, logger);
  const logs = new LogStore(database);
  const heat = { register: 60, quantity: 'heat_energy', unit: 'GJ', decimals: 3 };
  logs.add(
    METER,
    [1, 2, 3].map((id) => ({
      ...{ logger: 'day' as const, id, meterTime: `2026-01-1${id}T00:00:00` },
      ...{ endedAt: Date.UTC(2026, 0, 10 + id), values: [{ ...heat, value: new Big(`${80 + id}.5`) }] },
    })),
  );
  const home = new FakeHomeAssistant();
  const unique = `multical2mqtt_${METER.serialNumber}_heat_energy`;
  home.entity(unique, 'sensor.heat');
  const { access } = await apiServer({ ask: home.ask });
  const bringing = (token: string) =>
    new PastStatistics({
      access: { ...access, token },
      configs: [{ name: METER.name, timezone: 'UTC', price: 0, units: {} }],
      ...{ dataDir, unitsOf: () => ({}), logger, clock: { ...systemClock, now: () => NOW } },
    });

  const wrong = bringing('not-this-one');
  expect(await wrong.bring(METER, logs)).toBe(false);
  expect(await wrong.bring(METER, logs)).toBe(false);
  expect(logger.said('warn')).toEqual([
    expect.stringMatching(
      /could not be brought into Home Assistant: .*does not take the token.* It is tried again later\.$/,
    ),
  ]);
  expect(logger.all.join()).not.toContain('not-this-one');

  const right = bringing(access.token);
  expect(await right.bring(METER, logs)).toBe(false);
  home.total(unique, [['2026-01-15T09:00:00Z', 84.5, 0]], { id: 'sensor.heat' });
  expect(await right.bring(METER, logs)).toBe(true);
  expect(home.rows('sensor.heat').map(([start, state]) => [start.slice(0, 13), state])).toEqual([
    ['2026-01-10T23', 81.5],
    ['2026-01-11T23', 82.5],
    ['2026-01-12T23', 83.5],
    ['2026-01-15T09', 84.5],
  ]);
  expect(logger.said('info').at(-1)).toContain('3 hours brought in');
  const lines = logger.all.length;
  expect(await right.bring(METER, logs)).toBe(true);
  expect(logger.all.length).toBe(lines);
});
