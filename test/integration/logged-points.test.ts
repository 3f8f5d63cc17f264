import { join } from 'node:path';
import { expect, it } from 'vitest';
import { LogShelf } from '../../src/history/log-shelf.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { eventually } from '../support/eventually.ts';
import { HttpReceiver } from '../support/http-receiver.ts';
import { runCli } from '../support/run-cli.ts';
import { bridgeConfig, runningBridge } from '../support/running-bridge.ts';
import { FAST, servedMeter } from '../support/served-meter.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Of a MULTICAL 603. */
const DAYS = 460;

/** A bridge has read a meter's log and written it to InfluxDB; the command of the same configuration, and what came there. */
async function writtenByTheBridge(
  influxdb: Readonly<Record<string, unknown>> = {},
  meter: Readonly<Record<string, unknown>> = {},
) {
  const { port } = await servedMeter({ model: '603' });
  const server = await new HttpReceiver().start();
  const folder = temporaryFolder();
  const config = bridgeConfig(
    {
      ...{ mqtt: { enabled: false }, meters: [{ name: 'House', port, ...meter }] },
      influxdb: { enabled: true, url: server.url, database: 'home', ...influxdb },
    },
    folder,
  );
  const logger = new CollectingLogger();
  const shelf = new LogShelf({
    file: join(folder, 'history.db'),
    mostBytes: 1e8,
    clock: systemClock,
    logger,
  });
  const { bridge } = await runningBridge(config, logger, { logs: { shelf, access: undefined } });
  const days = (): readonly string[] =>
    server.received.flatMap(({ body }) => body.split('\n')).filter((line) => line.includes(',day_log='));
  await eventually(() => days().length === DAYS);
  await bridge.stop();
  const print = async (...words: string[]) => {
    const asked = ['history', '--config', join(folder, 'bridge.json'), '--format', 'influx', ...words];
    const { out } = await runCli([...asked, '--baud-rate', String(FAST)]);
    return out.trim().split('\n').toSorted();
  };
  return { days: days().toSorted(), print };
}

it('are the same points, whoever writes them: the bridge, the command, or what is known', async () => {
  const { days, print } = await writtenByTheBridge();
  expect(days[0]).toMatch(/^multical,model=MULTICAL\\ 603,name=House,serial_number=80713078 heat_energy=/);
  expect(await print('--cached')).toEqual(days);
  expect(await print()).toEqual(days);
});

it('are so in the measurement, tags and units that are configured', async () => {
  const { days, print } = await writtenByTheBridge(
    { measurement: 'heat', tags: ['name', 'model', 'site=cabin'], units: 'common' },
    { model: '403', units: { heat_energy: 'MWh', volume: 'l' } },
  );
  expect(days[0]).toMatch(/^heat,model=MULTICAL\\ 403,name=House,site=cabin heat_energy=/);
  expect(await print('--cached')).toEqual(days);
  expect(await print()).toEqual(days);
});
