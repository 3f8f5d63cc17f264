import { type Call, type MeterSettings, RecordedMeter } from './wiring.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const DETAILS = '30 3 * * *';

export interface Recording {
  readonly calls: readonly Call[];
  readonly protocol: readonly string[];
  readonly dataDir: string;
}

/** What happens to a meter in two days: found, read, read in full, a new day, everything the matter, silent, back. */
export async function twoDays(settings: MeterSettings): Promise<Recording> {
  const meter = new RecordedMeter(settings);
  await meter.start();
  await meter.tick('hour 0');
  await meter.tick('details', DETAILS);
  for (const hour of [1, 2]) {
    await meter.wait(`before hour ${hour}`, HOUR);
    await meter.tick(`hour ${hour}`);
  }
  await meter.wait('a day', DAY);
  await meter.tick('next day');
  await meter.tick('details of the next day', DETAILS);
  const { conditions } = meter;
  for (const condition of conditions) {
    meter.setConditions([condition]);
    await meter.tick(`condition ${condition}`);
  }
  meter.setConditions(conditions.slice(0, 2));
  await meter.tick('two conditions');
  meter.setConditions([]);
  await meter.tick('no condition', DETAILS);
  meter.setFaults('checksum:1');
  await meter.tick('damaged once');
  meter.setFaults('silence');
  await meter.tick('silent');
  await meter.wait('still silent', 20 * 60_000);
  meter.setFaults();
  await meter.readNow('back');
  await meter.stop();
  const again = await restarted({ ...settings, dataDir: meter.dataDir, now: meter.clock.now() + HOUR });
  return {
    calls: [...meter.calls, ...again.calls],
    protocol: [...meter.protocol, ...again.protocol],
    dataDir: meter.dataDir,
  };
}

async function restarted(settings: MeterSettings): Promise<RecordedMeter> {
  const meter = new RecordedMeter(settings);
  await meter.start();
  await meter.tick('hour after the restart');
  meter.exchange('601', 12_345_678);
  await meter.tick('another meter');
  await meter.tick('details of another meter', DETAILS);
  await meter.stop();
  return meter;
}
