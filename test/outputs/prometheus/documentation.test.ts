import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { derivedQuantity } from '../../../src/catalogue/derived-quantities.ts';
import { KNOWN_REGISTER_IDS } from '../../../src/catalogue/registers.ts';
import { quantityMetric } from '../../../src/outputs/prometheus/quantity-metric.ts';
import { number, reading } from '../../readings/support/readings.ts';
import { hasTool, TOOL_PATH } from '../../support/has-tool.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { DIAGNOSTICS, METER } from '../support/meter-readings.ts';
import { servedMetrics } from './support/served-metrics.ts';

const PAGE = readFileSync(resolve(import.meta.dirname, '../../../docs/prometheus.md'), 'utf8');
const [, ALERTS = ''] = /```yaml\n(groups:[\s\S]*?)```/.exec(PAGE) ?? [];
const [DAY = '', EXACT_DAY = '', NOW = '', MEAN = '', FLOW = '', USE = '', MODEL = ''] = Array.from(
  PAGE.matchAll(/```promql\n([\s\S]*?)\n```/g),
  ([, query = '']) => query,
);
const LABELS = 'serial_number="1",name="House"';

/** Two days of a meter that uses 36 kWh a day with 3 m³, and falls silent; what is asked, and what must come out. */
const CASE = `
rule_files: [alerts.yml]
evaluation_interval: 1m
tests:
  - interval: 1h
    input_series:
      - { series: 'multical_heat_energy_joules_total{${LABELS}}', values: '0+5400000x48' }
      - { series: 'multical_volume_cubic_meters_total{${LABELS}}', values: '0+0.125x48' }
    promql_expr_test:
      - { expr: '${DAY}', eval_time: 2d, exp_samples: [{ labels: '{${LABELS}}', value: 36 }] }
      - { expr: '${EXACT_DAY}', eval_time: 2d, exp_samples: [{ labels: '{${LABELS}}', value: 36 }] }
      - { expr: '${USE}', eval_time: 2d, exp_samples: [{ labels: '{${LABELS}}', value: 12 }] }
  - interval: 1m
    input_series:
      - { series: 'multical_power_watts{${LABELS}}', values: '1500+0x60' }
      - { series: 'multical_flow_cubic_meters_per_second{${LABELS}}', values: '0.00025+0x60' }
      - { series: 'multical_meter_info{${LABELS},model="MULTICAL 403"}', values: '1+0x60' }
    promql_expr_test:
      - { expr: '${NOW}', eval_time: 1h, exp_samples: [{ labels: '{${LABELS}}', value: 1.5 }] }
      - { expr: '${MEAN}', eval_time: 1h, exp_samples: [{ labels: '{${LABELS}}', value: 1.5 }] }
      - { expr: '${FLOW}', eval_time: 1h, exp_samples: [{ labels: '{${LABELS}}', value: 900 }] }
      - { expr: '${MODEL}', eval_time: 1h, exp_samples: [{ labels: '{${LABELS},model="MULTICAL 403"}', value: 1500 }] }
  - interval: 1m
    input_series:
      - { series: 'multical_reading_timestamp_seconds{${LABELS}}', values: '0+0x300' }
      - { series: 'multical_problem_air{${LABELS}}', values: '0+0x60 1+0x240' }
      - { series: 'multical_problem_dry{${LABELS}}', values: '1+0x300' }
      - { series: 'multical2mqtt_output_healthy{output="influxdb"}', values: '0+0x300' }
      - { series: 'up{job="multical"}', values: '1+0x60 0+0x240' }
    alert_rule_test:
      - { eval_time: 2h, alertname: MeterSilent, exp_alerts: [] }
      - eval_time: 3h
        alertname: MeterSilent
        exp_alerts:
          - exp_labels: { serial_number: '1', name: House }
            exp_annotations: { summary: House (1) does not answer }
      - eval_time: 3h
        alertname: MeterProblem
        exp_alerts:
          - exp_labels: { serial_number: '1', name: House, problem: air }
            exp_annotations: { summary: 'House complains: air' }
          - exp_labels: { serial_number: '1', name: House, problem: dry }
            exp_annotations: { summary: 'House complains: dry' }
      - { eval_time: 3h, alertname: BridgeGone, exp_alerts: [{ exp_labels: { job: multical } }] }
      - eval_time: 1h
        alertname: OutputInTrouble
        exp_alerts:
          - exp_labels: { output: influxdb }
            exp_annotations: { summary: Readings do not reach influxdb }
  - interval: 1m
    input_series:
      - { series: 'multical_up{${LABELS}}', values: '1+0x10 0+0x60' }
    alert_rule_test:
      - { eval_time: 10m, alertname: MeterSilent, exp_alerts: [] }
      - eval_time: 1h
        alertname: MeterSilent
        exp_alerts:
          - exp_labels: { serial_number: '1', name: House }
            exp_annotations: { summary: House (1) does not answer }
`;

describe('docs/prometheus.md', () => {
  it('names metrics that there are', async () => {
    const { output, scrape } = await servedMetrics();
    const battery = { ...DIAGNOSTICS.battery, readingsLeftToday: 1 };
    output.availabilityChanged(METER, true);
    output.diagnosticsChanged(METER, { ...DIAGNOSTICS, battery });
    await scrape();
    const own = (await scrape()).match(/^multical\w+/gm) ?? [];
    const units = ['', 'GJ', 'm³', 'kW', 'l/h', '°C', 'K', 'h', 's'];
    const derived = ['heat_energy_fine', 'clock_drift', 'problem_air', 'leak_duration', 'meter_clock'].map(
      (quantity) => ({
        ...reading(60, number('1'), ''),
        ...derivedQuantity(quantity),
      }),
    );
    const readings = [...KNOWN_REGISTER_IDS.map((id) => reading(id, number('1'), '')), ...derived];
    const named = units.flatMap((unit) => readings.map((each) => quantityMetric({ ...each, unit })?.metric));
    const known = new Set([...own, ...named, 'multical_meter_clock_timestamp_seconds']);
    const told = Array.from(PAGE.matchAll(/\b(multical(?:2mqtt)?_\w+)\b/g), ([, name = '']) => name);
    expect(told.length).toBeGreaterThan(40);
    expect(
      told.filter((name) => !known.has(name) && name !== 'multical_' && name !== 'multical_problem_'),
    ).toEqual([]);
    for (const name of own) expect(told).toContain(name);
  });

  it.skipIf(!hasTool('promtool'))('shows queries and alerts that say what they are said to', () => {
    const folder = temporaryFolder({ 'alerts.yml': ALERTS, 'case.yml': CASE });
    const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', join(folder, 'case.yml')], {
      encoding: 'utf8',
      env: { ...process.env, PATH: TOOL_PATH },
    });
    expect([`${stdout}${stderr}`, status]).toEqual([expect.stringContaining('SUCCESS'), 0]);
  });
});
