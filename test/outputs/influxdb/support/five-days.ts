import type { MeterDiagnostics, MeterIdentity } from '../../../../src/meter/publisher.ts';
import { derivedReading } from '../../../../src/readings/pipeline.ts';
import type { Reading } from '../../../../src/readings/reading.ts';
import { localDay } from '../../../../src/shared/zoned-time.ts';
import { number, reading } from '../../../readings/support/readings.ts';
import { DIAGNOSTICS, METER } from '../../support/meter-readings.ts';
import type { influxdbHome } from './influxdb-home.ts';

export const TIMEZONE = 'Europe/Copenhagen';
export const HEAT: MeterIdentity = { ...METER, name: 'Kælder (øst)' };
export const COOLING: MeterIdentity = { ...METER, name: 'Kælder', serialNumber: '7' };

const HOUR = 3_600_000;
/** From 10:59 of one day to 23:59 five days later. */
const HOURS = 5 * 24 + 13;

/**
 * Two meters that are read at minute 59: from the first to the last day the mean power is 5 kW, 10 kW, 15 kW and so on,
 * and each m³ carries 40 kWh. On the fourth day at 12:30 the bridge is started anew. Comes back with the time of the
 * first midnight and of the last reading.
 */
export async function fiveDays({ publish, output, clock }: ReturnType<typeof influxdbHome>) {
  await clock.advance(29 * 60_000);
  const firstDay = day(clock.now());
  let megajoules = 90_000n;
  let litres = 500_000n;
  let today = 0;
  let since = { readings: 0, failed: 0, retries: 0 };
  let midnight = 0;
  for (let hour = 0; hour <= HOURS; hour++) {
    const now = clock.now();
    const { hours } = localDay(now, TIMEZONE);
    const index = day(now) - firstDay;
    if (hours < 1) {
      today = 0;
      midnight ||= now - 59 * 60_000;
    }
    const power = 5n * BigInt(index + 1);
    if (hour > 0) {
      megajoules += 18n * BigInt(index + 1);
      litres += 125n * BigInt(index + 1);
    }
    today++;
    if (index === 3 && Math.floor(hours) === 12) since = { readings: 0, failed: 0, retries: 0 };
    const noon = Math.floor(hours) === 14;
    since = {
      readings: since.readings + 1,
      failed: since.failed + (noon ? 1 : 0),
      retries: since.retries + (noon ? 2 : 0),
    };
    const complains = index === 2 && noon;
    publish(
      heat({ megajoules, litres, power, hours, complains }).map((each) => ({ ...each, readAt: now })),
      HEAT,
    );
    publish(
      [reading(60, number('1.000'), 'GJ'), reading(63, thousandths(megajoules * 2n), 'GJ')].map((each) => ({
        ...each,
        readAt: now,
      })),
      COOLING,
    );
    output.diagnosticsChanged(HEAT, diagnostics(today, since));
    if (hour < HOURS) await clock.advance(HOUR);
  }
  return { midnight, end: clock.now() };
}

function thousandths(count: bigint) {
  return number((Number(count) / 1000).toFixed(3));
}

function day(time: number): number {
  return Math.round(Date.parse(localDay(time, TIMEZONE).date) / 86_400_000);
}

function heat(values: {
  readonly megajoules: bigint;
  readonly litres: bigint;
  readonly power: bigint;
  readonly hours: number;
  readonly complains: boolean;
}): readonly Reading[] {
  const { megajoules, litres, power, hours, complains } = values;
  const readAt = 0;
  return [
    reading(60, thousandths(megajoules), 'GJ'),
    reading(68, thousandths(litres), 'm³'),
    reading(74, number(`${power * 25n}`), 'l/h'),
    reading(80, number(`${power}.0`), 'kW'),
    reading(86, number('65.20'), '°C'),
    reading(87, number('30.20'), '°C'),
    reading(89, number('35.00'), 'K'),
    reading(99, number(complains ? '8' : '0'), ''),
    derivedReading('info', {
      value: { kind: 'text', value: complains ? 'air in the flow sensor' : 'no error' },
      unit: '',
      readAt,
    }),
    derivedReading('problem_air', { value: { kind: 'flag', value: complains }, unit: '', readAt }),
    derivedReading('problem_burst', { value: { kind: 'flag', value: false }, unit: '', readAt }),
    // With the details, once a night.
    ...(Math.floor(hours) === 3
      ? [derivedReading('mean_cooling', { value: number('34.5'), unit: 'K', readAt })]
      : []),
  ];
}

function diagnostics(
  today: number,
  since: { readonly readings: number; readonly failed: number; readonly retries: number },
): MeterDiagnostics {
  const use = { readings: today, wakeUps: today, transactions: today + 1, bytes: today * 91 };
  return {
    ...DIAGNOSTICS,
    readings: since.readings,
    failedReadings: since.failed,
    retries: since.retries,
    checksumErrors: 0,
    timeouts: since.failed,
    lastReadingDuration: 1_200,
    battery: { ...DIAGNOSTICS.battery, today: { ...use, awakeTime: today * 1_700 }, ratio: 1.04 },
  };
}
