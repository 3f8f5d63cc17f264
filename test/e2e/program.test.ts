import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasMosquitto, Mosquitto } from '../mqtt/support/mosquitto.ts';
import type { Observer } from '../mqtt/support/observer.ts';
import { eventually } from '../support/eventually.ts';
import { hasTool } from '../support/has-tool.ts';
import { ended, PROGRAM, program } from '../support/program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SERIAL = '84968362';
const STATE = `multical2mqtt/${SERIAL}/state`;

describe('the built program', () => {
  // npx makes it executable when it meets the clone for the first time, and never again.
  it('can be started by npx after each build', () => {
    expect(statSync(PROGRAM).mode & 0o111).toBe(0o111);
  });

  it('ends with the exit code that its result deserves', async () => {
    expect(await ended(program(['decode', '06']))).toBe(0);
    expect(await ended(program(['decode', '40']))).toBe(1);
    expect(await ended(program(['run']))).toBe(2);
  });

  it('is not hurt when its output is not read to the end', async () => {
    const run = program(['decode', ...Array.from({ length: 5000 }, () => '06')]);
    run.child.stdout?.destroy();
    expect(await ended(run)).toBe(0);
    expect(run.err).toBe('');
  });

  it('shows the whole job by itself', async () => {
    const run = program(['demo', '--cycles', '1']);
    expect(await ended(run)).toBe(0);
    expect(run.out).toMatch(/^Broker +mqtt:\/\/127\.0\.0\.1:\d+/m);
    // An hour passes in a minute: the longer it takes, the more heat there is.
    expect(run.out).toMatch(/Heat energy +84\.8\d\d GJ$/m);
    expect(run.out).toMatch(/and \d+ more entities, disabled/);
    expect(run.err).toBe('');
  });
});

it('check names the environment variables where there is no file', async () => {
  const port = { METER_PORT: 'tcp://127.0.0.1:1' };
  const faulty = program(['check'], { ...port, METER_SCHEDULE: 'live' });
  const often = program(['check'], { ...port, METER_SCHEDULE: 'balanced' });
  await Promise.all([faulty, often].map(({ child }) => once(child, 'close')));
  expect([faulty, often].map(({ child }) => child.exitCode)).toEqual([2, 0]);
  expect(faulty.out).toMatch(/^Fault: .*METER_SCHEDULE.*set METER_MAINS_POWERED to true/m);
  expect(often.out).toMatch(/^Advice: .*METER_/m);
  expect(often.out).not.toContain('maxReadingsPerDay');
});

describe.skipIf(!hasMosquitto() || !hasTool('socat'))(
  'the bridge between a pseudo-terminal and Mosquitto',
  () => {
    const mosquitto = new Mosquitto();
    let observer: Observer;

    beforeAll(async () => {
      await mosquitto.start();
      mosquitto.allow('bridge');
      observer = await mosquitto.observer();
    });

    afterAll(async () => {
      await observer?.end();
      await mosquitto.remove();
    });

    it('lives through an unplugged head and a restarted broker, and leaves politely', async () => {
      const folder = temporaryFolder();
      const link = join(folder, 'meter');
      const environment = {
        METER_PORT: link,
        METER_SCHEDULE: '*/3 * * * * *',
        MQTT_URL: mosquitto.url,
        MQTT_USERNAME: 'bridge',
        MQTT_PASSWORD: mosquitto.password,
        DATA_DIR: folder,
      };
      // The port does not exist yet: the bridge waits for it.
      const bridge = program([], environment);
      await eventually(() => /no such port/.test(bridge.err));
      let meter = program(['simulate', '--link', link]);
      await eventually(() => observer.latest(STATE));
      await observer.sees('multical2mqtt/bridge/state', 'online');

      meter.child.kill('SIGTERM');
      expect(await ended(meter)).toBe(0);
      await eventually(() => /went away|no such port.*\n.*no such port/s.test(bridge.err));
      const read = observer.of(STATE).length;
      meter = program(['simulate', '--link', link]);
      await eventually(() => observer.of(STATE).length > read);

      await mosquitto.stop();
      await eventually(() => /MQTT broker .*closed the connection/.test(bridge.err));
      await mosquitto.start();
      await observer.sees('multical2mqtt/bridge/state', 'online');
      const readAgain = observer.of(STATE).length;
      await eventually(() => observer.of(STATE).length > readAgain);

      bridge.child.kill('SIGTERM');
      expect(await ended(bridge)).toBe(0);
      await observer.sees('multical2mqtt/bridge/state', 'offline');
      expect(bridge.err).not.toContain(mosquitto.password);
    });

    it('is declared offline by the broker when it is killed', async () => {
      const environment = {
        METER_PORT: '/dev/none',
        MQTT_URL: mosquitto.url,
        MQTT_USERNAME: 'bridge',
        MQTT_PASSWORD: mosquitto.password,
      };
      const bridge = program(['run'], environment);
      await observer.sees('multical2mqtt/bridge/state', 'online');
      bridge.child.kill('SIGKILL');
      await observer.sees('multical2mqtt/bridge/state', 'offline');
    });
  },
);
