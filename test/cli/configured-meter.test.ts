import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { HealthSocket } from '../../src/app/health-socket.ts';
import { StoredMeterMemory } from '../../src/app/memory.ts';
import { PortDesk } from '../../src/app/port-desk.ts';
import { StateStore } from '../../src/app/state-store.ts';
import { BatteryAccount } from '../../src/meter/battery-account.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { localDay } from '../../src/shared/zoned-time.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { eventually } from '../support/eventually.ts';
import { runCli } from '../support/run-cli.ts';
import { FAST, servedMeter } from '../support/served-meter.ts';
import { silentPort } from '../support/silent-port.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SPEED = ['--baud-rate', String(FAST)];
const SERIAL = '84968362';

function configured(...meters: readonly object[]): { file: string; dataDir: string } {
  const dataDir = temporaryFolder();
  const file = join(dataDir, 'bridge.json');
  writeFileSync(file, JSON.stringify({ dataDir, meters }));
  return { file, dataDir };
}

function memoryIn(dataDir: string): StoredMeterMemory {
  return new StoredMeterMemory(new StateStore(dataDir, new CollectingLogger()));
}

describe('a command without a port', () => {
  it.each([
    'read',
    'identify',
    'probe',
    'align --seconds 1',
  ])('%s asks the configured meter', async (words) => {
    const { port, simulator } = await servedMeter({ address: 77 });
    const { file } = configured({ port, address: 77 });
    const { code } = await runCli([...words.split(' '), '--config', file, ...SPEED]);
    expect(code).toBe(0);
    expect(simulator.statistics.requests).toBeGreaterThan(0);
  });

  it('knows which model it is, so that nothing is asked to find that out', async () => {
    const { port, simulator } = await servedMeter({ model: '803' });
    const { file } = configured({ port, model: '803' });
    const { out } = await runCli(['read', '60', '--json', '--config', file, ...SPEED]);
    expect(JSON.parse(out).meter).toMatchObject({ model: 'MULTICAL 803', certainty: 'configured' });
    // Its number, its type, its register.
    expect(simulator.statistics.requests).toBe(3);
  });

  it('is told by the environment as well', async () => {
    const { port } = await servedMeter();
    const environment = { METER_PORT: port, MULTICAL2MQTT_CONFIG: configured().file };
    expect((await runCli(['read', '60', ...SPEED], { environment })).code).toBe(0);
  });

  describe('where there are several meters', () => {
    it('takes the one with that name, and wants one', async () => {
      const { port } = await servedMeter();
      const { file } = configured(
        { name: 'Heating', port: '/dev/there-is-none' },
        { name: 'Workshop', port },
        { name: 'Water', port: '/dev/none-either' },
      );
      const ask = (...words: string[]) => runCli(['read', '60', '--config', file, ...words, ...SPEED]);
      expect((await ask('--meter', 'workshop')).code).toBe(0);
      expect(await ask()).toMatchObject({
        code: 2,
        err: 'Which meter? Say --meter "Heating", --meter "Workshop" or --meter "Water".\n',
      });
      expect(await ask('--meter', 'Workshp')).toMatchObject({
        code: 2,
        err: 'No meter of the configuration is called "Workshp". Did you mean --meter "Workshop"?\n',
      });
      expect((await ask('--meter', 'Nonsense')).err).toMatch(
        /There is --meter "Heating", .* or --meter "Water"/,
      );
      expect(await ask('--meter', 'Workshop', '--port', port)).toMatchObject({
        code: 2,
        err: expect.stringMatching(/leave one of them out/),
      });
    });
  });

  it('says how to do without a configuration', async () => {
    const { code, err } = await runCli(['read', '--config', '/there/is/none.json']);
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/does not exist[\s\S]*say where the meter is: --port/),
    ]);
  });

  it('does not take the example for a port', async () => {
    const { file } = configured({ port: '/dev/serial/by-id/usb-REPLACE-ME' });
    const { code, err } = await runCli(['read', '--config', file]);
    expect([code, err]).toEqual([2, expect.stringMatching(/only the example/)]);
  });
});

describe('what a command costs while no bridge runs', () => {
  it('is taken on the account of the battery by the next one', async () => {
    const { port, simulator } = await servedMeter();
    const { file, dataDir } = configured({ port });
    const meter = { serialNumber: SERIAL, port, address: 0x3f, type: null, present: [], absent: [] };
    memoryIn(dataDir).remember({ ...meter, lengths: [], latest: [] });
    for (let reading = 0; reading < 2; reading++)
      expect(await runCli(['read', '60', '--config', file, ...SPEED])).toMatchObject({ code: 0, err: '' });
    const { date } = localDay(Date.now(), '');
    const use = new BatteryAccount(memoryIn(dataDir).recall(SERIAL)?.account).weekTo(date);
    expect(use).toMatchObject({ readings: 2, transactions: simulator.statistics.requests });
    // Once.
    expect(new BatteryAccount(memoryIn(dataDir).recall(SERIAL)?.account).weekTo(date)).toEqual(use);
  });

  it('counts for all the readings of a watch', async () => {
    const { port } = await servedMeter();
    const { file, dataDir } = configured({ port });
    const meter = { serialNumber: SERIAL, port, address: 0x3f, type: null, present: [], absent: [] };
    memoryIn(dataDir).remember({ ...meter, lengths: [], latest: [] });
    const stop = new AbortController();
    let lines = 0;
    const words = ['--watch', '--schedule', '* * * * * *', '--format', 'json', '--config', file, ...SPEED];
    await runCli(['read', '60', ...words], {
      signal: stop.signal,
      onOut: () => {
        lines++;
        if (lines === 2) stop.abort();
      },
    });
    const account = new BatteryAccount(memoryIn(dataDir).recall(SERIAL)?.account);
    expect(account.weekTo(localDay(Date.now(), '').date).readings).toBeGreaterThanOrEqual(2);
  });

  it('is nobody’s where the bridge was never there, or the meter is in no configuration', async () => {
    const { port, words } = await servedMeter();
    const { file, dataDir } = configured({ port: '/dev/other' });
    expect((await runCli(['read', '60', '--config', file, ...words])).code).toBe(0);
    expect(existsSync(join(dataDir, 'meters'))).toBe(false);
    const elsewhere = join(dataDir, 'never');
    writeFileSync(file, JSON.stringify({ dataDir: elsewhere, meters: [{ port }] }));
    expect((await runCli(['read', '60', '--config', file, ...SPEED])).code).toBe(0);
    expect(existsSync(elsewhere)).toBe(false);
  });
});

it('does not watch a meter that a running bridge reads', async () => {
  const { port, simulator } = await servedMeter();
  const { file, dataDir } = configured({ name: 'Heating', port });
  const bridge = new HealthSocket(dataDir, () => [], { clock: systemClock, logger: new CollectingLogger() });
  await bridge.start();
  onTestFinished(() => bridge.stop());
  const { code, err } = await runCli(['read', '--watch', '--config', file, ...SPEED]);
  expect([code, err]).toEqual([1, expect.stringMatching(/reads "Heating" already.*single readings/)]);
  expect(simulator.statistics.requests).toBe(0);
});

describe.skipIf(process.platform !== 'linux')(
  'a command, while another one reads over the same gateway',
  () => {
    it.each(['read', 'identify', 'probe', 'history', 'align'])('%s says so, and stays away', async (word) => {
      const { port, sockets, heard } = await silentPort();
      const { file } = configured({ port });
      const first = runCli(['history', '--config', file]);
      await eventually(() => heard() > 0);
      const asked = heard();
      const { code, out, err } = await runCli([word, '--config', file]);
      expect([code, out]).toEqual([1, '']);
      expect(err).toContain(
        `Another command is reading over ${port}. Wait until it has ended, or end it, and try again.`,
      );
      expect([sockets.size, heard()]).toEqual([1, asked]);
      for (const socket of sockets) socket.destroy();
      await first;
    });

    it('hears so of a port that no configuration knows, too, and has its turn when that has ended', async () => {
      const { port, sockets, heard } = await silentPort();
      const first = runCli(['read', '--port', port]);
      await eventually(() => heard() > 0);
      expect((await runCli(['read', '--port', port.toUpperCase()])).err).toContain(
        'Another command is reading',
      );
      for (const socket of sockets) socket.destroy();
      await first;
      const asked = heard();
      const next = runCli(['read', '--port', port]);
      await eventually(() => heard() > asked);
      for (const socket of sockets) socket.destroy();
      expect((await next).err).not.toContain('Another command is reading');
    });
  },
);

describe('Ctrl+C in history', () => {
  it('ends it at once while the meter has not answered yet', async () => {
    const { port, sockets, heard } = await silentPort();
    const { file } = configured({ port });
    const ended = new AbortController();
    const run = runCli(['history', '--config', file], { signal: ended.signal });
    await eventually(() => heard() > 0);
    const asked = heard();
    ended.abort();
    expect(await run).toMatchObject({ code: 1, err: 'Ended before the meter was read.\n' });
    await eventually(() => sockets.size === 0);
    expect(heard()).toBe(asked);
  });

  it('ends it at once while a bridge reads', async () => {
    const { port, heard } = await silentPort();
    const { file, dataDir } = configured({ port });
    const wants: string[] = [];
    const lender = {
      freePort: (wanted: string) => {
        wants.push(wanted);
        return new Promise<void>(() => {});
      },
      charge: () => {},
    };
    const desk = new PortDesk({ dataDir, lender, clock: systemClock, logger: new CollectingLogger() });
    await desk.start();
    onTestFinished(() => desk.stop());
    const ended = new AbortController();
    const run = runCli(['history', '--config', file], { signal: ended.signal });
    await eventually(() => wants.length > 0);
    ended.abort();
    expect(await run).toMatchObject({ code: 1, err: 'Ended before the meter was read.\n' });
    expect(heard()).toBe(0);
  });
});
