import { Big } from 'big.js';
import { expect, it } from 'vitest';
import { PastStatistics } from '../../src/app/past-statistics.ts';
import { openHistory } from '../../src/history/file.ts';
import { LogStore } from '../../src/history/log-store.ts';
import { systemClock } from '../../src/shared/clock.ts';
import type { HomeAssistantAccess } from '../../src/statistics/connection.ts';
import { METER } from '../outputs/support/meter-readings.ts';
import { apiServer } from '../statistics/support/api-server.ts';
import { FakeHomeAssistant } from '../statistics/support/fake-home-assistant.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';

import { eventually } from '../support/eventually.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const NOW = Date.UTC(2026, 0, 15, 12);

/** Three days of a meter's log, and a Home Assistant that knows the meter. */
function threeDays() {
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
  const bringing = (access: HomeAssistantAccess) =>
    new PastStatistics({
      access,
      configs: [{ name: METER.name, timezone: 'UTC', price: 0, units: {} }],
      ...{ dataDir, unitsOf: () => ({}), logger, clock: { ...systemClock, now: () => NOW } },
    });
  return { bringing, logger, logs, home, unique };
}

it('what is kept of a log is brought into Home Assistant when it has begun to count, and what keeps it from that is said once', async () => {
  const { bringing, logger, logs, home, unique } = threeDays();
  const { access } = await apiServer({ answers: home.answers });
  const wrong = bringing({ ...access, token: 'not-this-one' });
  expect(await wrong.bring(METER, logs)).toBe(false);
  expect(await wrong.bring(METER, logs)).toBe(false);
  expect(logger.said('warn')).toEqual([
    expect.stringMatching(
      /could not be brought into Home Assistant: .*does not take the token.* It is tried again later\.$/,
    ),
  ]);
  expect(logger.all.join()).not.toContain('not-this-one');

  const right = bringing(access);
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

it('what is brought in is cut short when the program stops, without a word, and finished the next time', async () => {
  const { bringing, logger, logs, home, unique } = threeDays();
  home.total(unique, [['2026-01-15T09:00:00Z', 84.5, 0]], { id: 'sensor.heat' });
  const { access } = await apiServer({ answers: home.answers });
  const stopped = bringing(access);
  home.before = (type) => {
    if (type === 'recorder/adjust_sum_statistics') stopped.stop();
  };
  const turns = [stopped.bring(METER, logs), stopped.bring(METER, logs)];
  expect(await Promise.all(turns)).toEqual([false, false]);
  expect(logger.all).toEqual([]);
  home.before = () => {};
  expect(await bringing(access).bring(METER, logs)).toBe(true);
  expect(home.changes('sensor.heat')).toEqual([0, 1, 1, 1]);
});

it('a Home Assistant that comes to no end does not hold up the stop of the program', async () => {
  const { bringing, logs } = threeDays();
  let looks = 0;
  const answer = () => {
    looks++;
    return { success: true, result: { backlog: 3 } };
  };
  const { access } = await apiServer({ answer });
  const busy = bringing(access);
  const turn = busy.bring(METER, logs);
  await eventually(() => looks > 0);
  busy.stop();
  expect(await turn).toBe(false);
});
