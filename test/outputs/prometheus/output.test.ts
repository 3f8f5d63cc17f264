import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listenProblem } from '../../../src/http/listen-problem.ts';
import { MetricsOutput } from '../../../src/outputs/prometheus/output.ts';
import { CredibleClock } from '../../../src/shared/credible-clock.ts';
import { eventually } from '../../support/eventually.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { safe } from '../../support/safe-text.ts';
import {
  DIAGNOSTICS,
  FEW,
  FLOW_TEMPERATURE,
  HEAT_ENERGY,
  METER,
  READ_AT,
} from '../support/meter-readings.ts';
import { outputParts } from '../support/output-parts.ts';
import { servedMetrics } from './support/served-metrics.ts';

const WHO = 'serial_number="6655443",name="Fjernvarme Kælder"';
const HEAT = `multical_heat_energy_joules_total{${WHO}} 227445000000\n`;
const TEMPERATURE = `multical_flow_temperature_celsius{${WHO}} 65.2\n`;

describe('metrics of a meter', () => {
  it('are its latest values in base units, and when they were read', async () => {
    const { output, scrape } = await servedMetrics();
    output.meterIdentified(METER);
    output.readingTaken(METER, FEW, FEW);
    output.availabilityChanged(METER, true);
    output.diagnosticsChanged(METER, DIAGNOSTICS);
    const text = await scrape();
    expect(text).toContain(
      `# HELP multical_heat_energy_joules_total Heat energy.\n# TYPE multical_heat_energy_joules_total counter\n${HEAT}`,
    );
    expect(text).toContain(`# TYPE multical_flow_temperature_celsius gauge\n${TEMPERATURE}`);
    expect(text).toContain(`multical_volume_cubic_meters_total{${WHO}} 4127.1\n`);
    expect(text).toContain(
      `multical_meter_info{${WHO},model="MULTICAL 403",kind="heat",software_revision="C1"} 1\n`,
    );
    expect(text).toContain(`multical_up{${WHO}} 1\n`);
    expect(text).toContain(`multical_reading_timestamp_seconds{${WHO}} ${READ_AT / 1000}\n`);
  });

  it('are nothing but who it is before its first reading since the start', async () => {
    const { output, scrape } = await servedMetrics();
    output.meterIdentified({ ...METER, model: null, kind: null, softwareRevision: null });
    // What is remembered from an earlier run.
    output.readingTaken({ ...METER, model: null, kind: null, softwareRevision: null }, [], FEW);
    const names = (await scrape()).match(/^multical_\w+/gm);
    expect(names).toEqual(['multical_meter_info']);
    expect(await scrape()).toContain(`{${WHO},model="",kind="",software_revision=""} 1`);
  });

  it('are only what was read since the start, also where more is remembered', async () => {
    const { output, scrape } = await servedMetrics();
    output.readingTaken(METER, [HEAT_ENERGY], FEW);
    expect(await scrape()).toContain(HEAT);
    expect(await scrape()).not.toContain('multical_flow_temperature');
    output.readingTaken(METER, [FLOW_TEMPERATURE], FEW);
    expect(await scrape()).toContain(HEAT);
    expect(await scrape()).toContain(TEMPERATURE);
  });

  it('are all that is known of a meter that was there before, where the bridge alone has begun anew', async () => {
    const { output, scrape } = await servedMetrics();
    output.readingTaken(METER, [], FEW, new Set(), true);
    expect(await scrape()).toContain(HEAT);
    expect(await scrape()).toContain(TEMPERATURE);
  });

  it('keep their totals while it is silent, and lose what was of that moment', async () => {
    const { output, scrape } = await servedMetrics();
    output.readingTaken(METER, FEW, FEW);
    output.availabilityChanged(METER, false);
    const silent = await scrape();
    expect(silent).toContain(HEAT);
    expect(silent).toContain(`multical_up{${WHO}} 0\n`);
    expect(silent).not.toContain('multical_flow_temperature');
    output.availabilityChanged(METER, true);
    expect(await scrape()).toContain(TEMPERATURE);
  });

  it('lose the value of a sensor that failed', async () => {
    const { output, scrape } = await servedMetrics();
    output.readingTaken(METER, FEW, FEW);
    const value = { kind: 'unknown', value: null, decimals: 2, cause: 'It is broken.' } as const;
    const failed = { ...FLOW_TEMPERATURE, value };
    output.readingTaken(METER, [failed], [HEAT_ENERGY, failed]);
    const text = await scrape();
    expect(text).toContain(HEAT);
    expect(text).not.toContain('multical_flow_temperature');
  });

  it('are taken back with it', async () => {
    const { output, scrape } = await servedMetrics();
    output.readingTaken(METER, FEW, FEW);
    output.readingTaken({ ...METER, serialNumber: '1', name: 'Other' }, FEW, FEW);
    output.diagnosticsChanged(METER, DIAGNOSTICS);
    output.meterForgotten(METER.serialNumber);
    const text = await scrape();
    expect(text).not.toContain(METER.serialNumber);
    expect(text).toContain('multical_heat_energy_joules_total{serial_number="1",name="Other"}');
  });

  it('name it whatever it is called', async () => {
    const { output, scrape } = await servedMetrics();
    output.readingTaken({ ...METER, name: 'C:\\"1", {a=b} #' }, [HEAT_ENERGY], [HEAT_ENERGY]);
    const text = await scrape();
    expect(text).toContain('{serial_number="6655443",name="C:\\\\\\"1\\", {a=b} #"} ');
  });

  it('tell what its readings cost', async () => {
    const { output, scrape } = await servedMetrics();
    output.diagnosticsChanged(METER, {
      ...DIAGNOSTICS,
      battery: { ...DIAGNOSTICS.battery, readingsLeftToday: 3 },
    });
    const text = await scrape();
    const value = (name: string) => new RegExp(`^multical2mqtt_${name}{${WHO}} (.*)$`, 'm').exec(text)?.[1];
    expect(value('readings_total')).toBe('12');
    expect(value('failed_readings_total')).toBe('2');
    expect(value('retries_total')).toBe('3');
    expect(value('checksum_errors_total')).toBe('4');
    expect(value('discarded_bytes_total')).toBe('5');
    expect(value('timeouts_total')).toBe('6');
    expect(value('wake_ups_total')).toBe('7');
    expect(value('transactions_total')).toBe('8');
    expect(value('sent_bytes_total')).toBe('900');
    expect(value('received_bytes_total')).toBe('1000');
    expect(value('doubtful_values_total')).toBe('1');
    expect(value('last_reading_duration_seconds')).toBe('1.2345678');
    expect(value('battery_readings_today')).toBe('9');
    expect(value('battery_readings_left_today')).toBe('3');
    expect(value('battery_awake_today_seconds')).toBe('15.432');
    expect(value('battery_ratio')).toBe('1.0449');
  });

  it('say nothing of a limit that there is not, nor of a reading that never was', async () => {
    const { output, scrape } = await servedMetrics();
    output.diagnosticsChanged(METER, {
      ...DIAGNOSTICS,
      lastSuccessfulReading: null,
      lastReadingDuration: null,
    });
    expect(await scrape()).not.toMatch(/readings_left_today|reading_timestamp|reading_duration/);
  });
});

describe('metrics of the bridge', () => {
  it('are its version, start, memory and broker', async () => {
    const { clock, scrape } = await servedMetrics({ brokerConnected: () => false });
    const text = await scrape();
    expect(text).toContain('multical2mqtt_build_info{version="1.2.3"} 1\n');
    expect(text).toContain(`multical2mqtt_start_time_seconds ${clock.now() / 1000}\n`);
    expect(text).toMatch(/^multical2mqtt_resident_memory_bytes \d{7,}$/m);
    expect(text).toContain('multical2mqtt_broker_connected 0\n');
  });

  it('are without times that the computer does not know', async () => {
    const clock = new CredibleClock(new FakeClock(0), Date.UTC(2026, 10, 28));
    const { output, scrape } = await servedMetrics({ clock });
    output.readingTaken(METER, FEW, FEW);
    output.diagnosticsChanged(METER, { ...DIAGNOSTICS, lastSuccessfulReading: clock.now() });
    await scrape();
    const text = await scrape();
    expect(text).toContain('multical_heat_energy_joules_total');
    expect(text).not.toContain('timestamp_seconds{');
    expect(text).not.toContain('start_time_seconds');
  });

  it('have no broker where there is none', async () => {
    const { scrape } = await servedMetrics({ brokerConnected: () => undefined });
    expect(await scrape()).not.toContain('broker');
  });

  it('are the health of every output, a scrape being a delivery', async () => {
    const health = {
      waiting: 5,
      delivered: 7,
      refused: 2,
      lost: 1,
      lastDelivery: null,
      problem: safe('It is away.'),
    };
    let own: MetricsOutput | undefined;
    const { output, clock, scrape } = await servedMetrics({
      outputs: () => [{ name: 'influxdb', health }, ...(own ? [own] : [])],
    });
    own = output;
    await clock.advance(15_000);
    await scrape();
    const text = await scrape();
    expect(text).toContain('multical2mqtt_output_healthy{output="influxdb"} 0\n');
    expect(text).toContain('multical2mqtt_output_healthy{output="metrics"} 1\n');
    expect(text).toContain('multical2mqtt_output_waiting{output="influxdb"} 5\n');
    expect(text).toContain('multical2mqtt_output_delivered_total{output="influxdb"} 7\n');
    expect(text).toContain('multical2mqtt_output_refused_total{output="influxdb"} 2\n');
    expect(text).toContain('multical2mqtt_output_lost_total{output="influxdb"} 1\n');
    expect(text).toContain('multical2mqtt_output_delivered_total{output="metrics"} 1\n');
    expect(text).not.toContain('last_delivery_timestamp_seconds{output="influxdb"}');
    expect(text).toContain(
      `multical2mqtt_output_last_delivery_timestamp_seconds{output="metrics"} ${clock.now() / 1000}\n`,
    );
    expect(output.health).toEqual({
      waiting: 0,
      delivered: 2,
      refused: 0,
      lost: 0,
      lastDelivery: clock.now(),
      problem: null,
    });
  });
});

describe('the server of metrics', () => {
  it('speaks the text format, and has nothing else', async () => {
    const { url } = await servedMetrics();
    const answer = await fetch(`${url}/metrics`);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const head = await fetch(`${url}/metrics`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect((await fetch(`${url}/`)).status).toBe(404);
    expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(405);
  });

  it('says whether the bridge moves, and whether it is ready', async () => {
    const [stuck, missing]: [string[], string[]] = [
      [],
      ['Heating has not been read since the start', 'And more'],
    ];
    const { url } = await servedMetrics({ stuck: () => stuck, notReady: () => missing });
    const ask = async (path: string) => {
      const answer = await fetch(`${url}${path}`);
      return [answer.status, await answer.text()];
    };
    expect(await ask('/healthz')).toEqual([200, 'ok\n']);
    expect(await ask('/readyz')).toEqual([503, 'Heating has not been read since the start\nAnd more\n']);
    stuck.push('A reading of Heating does not come to an end');
    missing.splice(0);
    expect(await ask('/healthz')).toEqual([503, 'A reading of Heating does not come to an end\n']);
    expect(await ask('/readyz')).toEqual([200, 'ok\n']);
  });

  it('says what is wrong where its port is taken, and takes it when it is free', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const problems: (string | null)[] = [];
    const parts = outputParts({ changed: () => problems.push(output.health.problem) });
    const { clock, logger } = parts;
    const output: MetricsOutput = new MetricsOutput(
      { enabled: true, host: '127.0.0.1', port, allowedHosts: [] },
      parts,
    );
    onTestFinished(() => output.stop());
    output.start();
    await eventually(() => output.health.problem);
    const problem = `There are no metrics: this program itself has port ${port} of 127.0.0.1 already. Choose another "metrics.port".`;
    expect(problems).toEqual([problem]);
    // Readings go on.
    output.readingTaken(METER, FEW, FEW);
    for (let tries = 0; tries < 240; tries++) {
      await clock.advance(30_000);
      await eventually(() => clock.pendingTimers);
    }
    await new Promise((resolve) => taken.close(resolve));
    await clock.advance(30_000);
    await eventually(() => output.port);
    expect(problems).toEqual([problem, null]);
    expect(logger.told).toEqual([
      `warn ${problem}`,
      expect.stringMatching(/^warn .* \(\d+ times in the last hour\)$/),
      expect.stringMatching(/^warn .* \(\d+ times in the last hour\)$/),
      expect.stringMatching(/^info Metrics for Prometheus are at .*\. The trouble lasted 2 h \d min/),
    ]);
    expect(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).toContain(HEAT);
  });

  it('leaves no timer and no socket, whether it listened or not', async () => {
    const first = await servedMetrics();
    const second = new MetricsOutput(
      { enabled: true, host: '127.0.0.1', port: first.output.port ?? 0, allowedHosts: [] },
      outputParts({ clock: first.clock, logger: first.logger }),
    );
    second.start();
    await eventually(() => second.health.problem);
    expect(first.clock.pendingTimers).toBe(1);
    await Promise.all([first.output.stop(), second.stop()]);
    expect(first.clock.pendingTimers).toBe(0);
    await expect(fetch(first.url)).rejects.toThrow();
  });

  it('is well again after a scrape that could not be made', async () => {
    let broken = true;
    const { output, url } = await servedMetrics({
      brokerConnected: () => {
        if (broken) throw new Error('no idea');
        return true;
      },
    });
    expect((await fetch(`${url}/metrics`)).status).toBe(500);
    expect(output.health).toMatchObject({ delivered: 0, problem: 'There are no metrics: no idea' });
    broken = false;
    expect((await fetch(`${url}/metrics`)).status).toBe(200);
    expect(output.health).toMatchObject({ delivered: 1, problem: null });
  });

  it.each([
    ['EACCES', 'this user may not open port 80. Choose a "metrics.port" from 1024 upwards.'],
    [
      'EADDRNOTAVAIL',
      'meter.lan is no address of this machine. Put "metrics.host" right; "0.0.0.0" is all of them.',
    ],
    [
      'ENOTFOUND',
      'meter.lan is no address of this machine. Put "metrics.host" right; "0.0.0.0" is all of them.',
    ],
    ['EWHATEVER', 'listen failed'],
  ])('explains %s', (code, words) => {
    const error = Object.assign(new Error('listen failed'), { code });
    expect(listenProblem(error, 'meter.lan', 80, 'metrics')).toBe(words);
  });
});
