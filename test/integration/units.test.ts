import { expect, it } from 'vitest';
import { observedBroker } from '../mqtt/support/observed-broker.ts';
import { asHomeAssistant } from '../outputs/home-assistant/support/as-home-assistant.ts';
import { eventually } from '../support/eventually.ts';
import { bridgeConfig, runningBridge } from '../support/running-bridge.ts';
import { servedMeter } from '../support/served-meter.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const STATE = 'multical2mqtt/84968362/state';

const home = observedBroker();

/** What a Home Assistant that listens all the time has shown of the heat energy, one after the other. */
function shown(): readonly string[] {
  let unit: string | undefined;
  let value: string | undefined;
  const pairs = home.observer.messages.map(({ topic, payload }) => {
    const [prefix, platform, , key] = topic.split('/');
    if (prefix === 'homeassistant' && (platform === 'device' || key === 'heat_energy') && payload !== '') {
      const content = asHomeAssistant(payload);
      const entity = platform === 'device' ? content.components?.heat_energy : content;
      unit = entity?.unit_of_measurement ?? unit;
    }
    if (topic === STATE) [, value] = /"heat_energy":([^,}]*)/.exec(payload) ?? [];
    return unit === undefined || value === undefined ? '' : `${value} ${unit}`;
  });
  return pairs.filter((pair, index) => pair !== '' && pair !== pairs[index - 1]);
}

it.each([
  ['device', 'homeassistant/device/multical2mqtt_84968362/config'],
  ['component', 'homeassistant/sensor/multical2mqtt_84968362/heat_energy/config'],
])('a meter is published in the units that are wanted, as %ss, never in others than it is said', async (form, topic) => {
  const { port } = await servedMeter();
  const folder = temporaryFolder();
  const run = (units: Readonly<Record<string, string>>) =>
    runningBridge(
      bridgeConfig(
        {
          meters: [{ name: 'Heating', port, units }],
          mqtt: { url: home.broker.url },
          homeAssistant: { discovery: form },
        },
        folder,
      ),
    );

  const first = await run({ heat_energy: 'kWh' });
  await eventually(() => /"heat_energy_high_resolution":\d/.test(home.observer.latest(STATE) ?? ''));
  await eventually(() => home.observer.latest(topic)?.includes('"kWh"'));
  await first.bridge.idle();
  expect(home.observer.latest(STATE)).toMatch(/"heat_energy":23560\.3,/);
  expect(first.logger.said('warn')).toEqual([]);
  await first.bridge.stop();

  const second = await run({});
  await eventually(
    () => second.logger.matching(/heat_energy is published in GJ from now on, and was in kWh/).length > 0,
  );
  await eventually(() => shown().at(-1) === '84.817 GJ');
  await second.bridge.idle();
  // The memory kept the meter's own value: nothing was doubted.
  expect(second.logger.matching(/held back/)).toEqual([]);
  expect(shown()).toEqual(['23560.3 kWh', 'null kWh', 'null GJ', '84.817 GJ']);
});
