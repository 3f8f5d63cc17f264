import { expect, it } from 'vitest';
import { observedBroker } from '../mqtt/support/observed-broker.ts';
import { asHomeAssistant } from '../outputs/home-assistant/support/as-home-assistant.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { bridgeConfig, runningBridge } from '../support/running-bridge.ts';
import { servedMeter } from '../support/served-meter.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const STATE = 'multical2mqtt/84968362/state';
const DISCOVERY = 'homeassistant/device/multical2mqtt_84968362/config';

const home = observedBroker();

it('what is never asked for again leaves Home Assistant in two steps, then the state, and Prometheus', async () => {
  const { port } = await servedMeter();
  const folder = temporaryFolder();
  const metrics = { enabled: true, port: await freePort() };
  const run = (meter: Readonly<Record<string, unknown>>) =>
    runningBridge(
      bridgeConfig(
        { meters: [{ name: 'House', port, ...meter }], mqtt: { url: home.broker.url }, metrics },
        folder,
      ),
    );
  const scrape = async (): Promise<string> =>
    (await fetch(`http://127.0.0.1:${metrics.port}/metrics`)).text();

  const first = await run({});
  await eventually(() => home.observer.latest(DISCOVERY)?.includes('"operating_hours"'));
  await first.bridge.idle();
  expect(await scrape()).toContain('multical_power_watts');
  await first.bridge.stop();

  const from = home.observer.messages.length;
  const second = await run({ registers: [60, 68], detailSchedule: 'never' });
  await eventually(() => !/"(power|info)":/.test(home.observer.latest(DISCOVERY) ?? ''));
  await eventually(() => !/"(power|info)":/.test(home.observer.latest(STATE) ?? ''));
  await second.bridge.idle();

  const steps: string[] = [];
  for (const { topic, payload } of home.observer.messages.slice(from)) {
    if (topic !== STATE && topic !== DISCOVERY) continue;
    const power = topic === STATE ? JSON.parse(payload).power : asHomeAssistant(payload).components.power;
    const shown = typeof power === 'object' && power !== null ? Object.keys(power).join() : String(power);
    const step = `${topic === STATE ? 'state' : 'discovery'}: ${shown}`;
    if (step !== steps.at(-1)) steps.push(step);
  }
  expect(steps.filter((step) => step.startsWith('discovery'))).toEqual([
    'discovery: platform',
    'discovery: undefined',
  ]);
  expect(steps.indexOf('state: undefined')).toBeGreaterThan(steps.indexOf('discovery: platform'));
  expect(JSON.parse(home.observer.latest(STATE) ?? '{}')).toMatchObject({
    heat_energy: 84.817,
    volume: 520.41,
  });
  const metricsNow = await scrape();
  expect(metricsNow).toContain('multical_heat_energy_joules_total');
  expect(metricsNow).not.toMatch(/multical_(power|flow|flow_temperature|info)/);
});
