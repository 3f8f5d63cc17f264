import { afterEach, describe, expect, it } from 'vitest';
import { MODELS, type ModelName } from '../../../src/simulator/models/models.ts';
import { hasTool } from '../../support/has-tool.ts';
import { PolledLine } from '../../support/polled-line.ts';
import { METER } from '../support/meter-readings.ts';
import { lintMetrics } from './support/lint-metrics.ts';
import { servedMetrics } from './support/served-metrics.ts';

const HOUR = 3_600_000;

let home: PolledLine | undefined;

afterEach(() => home?.stop());

describe.skipIf(!hasTool('promtool'))('the check', () => {
  it('has something to say about metrics that are not by the rules', () => {
    const text = '# HELP multical_operating_hours Hours.\n# TYPE multical_operating_hours counter\n';
    expect(lintMetrics(`${text}multical_operating_hours 1\n`)).toMatch(/use base unit "seconds"/);
  });
});

describe.skipIf(!hasTool('promtool'))('the metrics of a simulated', () => {
  it.each(Object.keys(MODELS) as ModelName[])('%s, with all details, are by the rules', async (name) => {
    // The beginning of a year, so that the figures of all periods are there.
    home = new PolledLine({
      meters: [{ model: name }],
      now: Date.UTC(2026, 0, 1),
      timezone: 'UTC',
      heatEnergyInKwh: true,
      gasEquivalent: 31.6,
    });
    await home.firstReading();
    await home.tick('hourly');
    await home.clock.advance(HOUR);
    await home.tick('hourly');
    const { readings, diagnostics } = home.publisher;
    const { meter, fresh, latest } = readings.at(-1) ?? { meter: METER, fresh: [], latest: [] };
    const { output, scrape } = await servedMetrics();
    output.readingTaken(meter, fresh, latest);
    output.availabilityChanged(meter, true);
    for (const each of diagnostics.slice(-1)) output.diagnosticsChanged(meter, each);
    // The second one has delivered the first.
    await scrape();
    const text = await scrape();
    expect(lintMetrics(text)).toBe('');
    expect(text).not.toMatch(/ [+-]?(NaN|Inf)$|"(null|undefined)"/m);
    const families = text.match(/^# TYPE multical_/gm) ?? [];
    expect(families.length).toBeGreaterThan(8);
  });
});
