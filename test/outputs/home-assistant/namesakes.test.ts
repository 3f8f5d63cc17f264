import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { FEW, METER } from '../support/meter-readings.ts';
import { asHomeAssistant } from './support/as-home-assistant.ts';
import { METER_TOPIC, PublishingHome } from './support/publishing-home.ts';

let home: PublishingHome;

beforeEach(async () => {
  home = await new PublishingHome().start();
});

afterEach(() => home.stop());

const BEFORE = { ...METER, serialNumber: '7000001' };
const BEFORE_TOPIC = 'homeassistant/device/multical2mqtt_7000001/config';

const nameAt = (topic: string): string =>
  asHomeAssistant(home.observer.latest(topic) || '{"device":{}}').device.name;

/** The meter that was there before has its device in Home Assistant; then another one answers. */
async function swapped(before = BEFORE): Promise<void> {
  await home.connected();
  home.publisher.meterIdentified(before);
  await home.scanned();
  home.publisher.readingTaken(before, [], FEW);
  await eventually(() => home.observer.latest(BEFORE_TOPIC));
  home.others = [before.serialNumber];
  home.publisher.meterIdentified(METER);
  home.publisher.readingTaken(METER, [], FEW);
  await home.scanned();
  await eventually(() => home.observer.latest(METER_TOPIC));
}

describe('another meter behind the same port', () => {
  it('has its number in the name of its device, and the log says what to do with the old one', async () => {
    await swapped();
    expect(nameAt(METER_TOPIC)).toBe(`${METER.name} ${METER.serialNumber}`);
    expect(nameAt(BEFORE_TOPIC)).toBe(METER.name);
    expect(home.logger.said('info').filter((line) => line.includes('delete it in Home Assistant'))).toEqual([
      `${METER.name}: Home Assistant still has the device of meter 7000001, which was behind this port before, so meter ${METER.serialNumber} is called “${METER.name} ${METER.serialNumber}” there. The old device has no values any more, but its history; delete it in Home Assistant when you do not need that.`,
    ]);
  });

  it('keeps the number at the next start, and is called by its name alone once the old one was deleted', async () => {
    await swapped();
    await home.run('device');
    await home.settled();
    expect(nameAt(METER_TOPIC)).toBe(`${METER.name} ${METER.serialNumber}`);
    await home.observer.publish(BEFORE_TOPIC, '', true);
    await home.run('device');
    await home.settled();
    expect(nameAt(METER_TOPIC)).toBe(METER.name);
  });

  it('keeps its name where the old one has another', async () => {
    await swapped({ ...BEFORE, name: 'Another' });
    expect(nameAt(METER_TOPIC)).toBe(METER.name);
  });
});
