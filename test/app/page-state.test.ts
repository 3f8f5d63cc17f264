import { PassThrough } from 'node:stream';
import { Big } from 'big.js';
import { describe, expect, it } from 'vitest';
import { PageState } from '../../src/app/page-state.ts';
import { textsIn } from '../../src/catalogue/texts/languages.ts';
import { newCounters } from '../../src/link/session.ts';
import { createLogger, LogTail } from '../../src/log/winston-logger.ts';
import { Health } from '../../src/meter/health.ts';
import type { MeterStatus } from '../../src/meter/meter.ts';
import type { Reading } from '../../src/readings/reading.ts';
import { Secrets } from '../../src/shared/secrets.ts';
import { changesOf } from '../../src/web/changes.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { bridgeConfig } from '../support/running-bridge.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { statusOf } from './support/meter-status.ts';

const NEXT_HOUR = Date.UTC(2026, 0, 15, 10);

function number(
  quantity: string,
  label: string,
  value: string,
  unit: string,
  register: number | null,
): Reading {
  const decimals = value.split('.')[1]?.length ?? 0;
  return {
    quantity,
    label,
    register,
    nature: 'total',
    value: { kind: 'number', value: new Big(value), decimals },
    unit,
    readAt: 1,
  };
}

/** A bridge with meters of one kind. */
function shown({
  meters = 1,
  status = statusOf(),
  secrets = new Secrets(),
  keys = {},
  units = {},
}: {
  meters?: number;
  status?: MeterStatus;
  secrets?: Secrets;
  keys?: Record<string, unknown>;
  /** In which it is published, by quantity; else the meter's own. */
  units?: Readonly<Record<string, string>>;
} = {}) {
  const clock = new FakeClock();
  const logger = createLogger({ level: 'error', format: 'text', stream: new PassThrough(), secrets });
  const tail = new LogTail();
  const asked: number[] = [];
  const names = Array.from({ length: meters }, (_, index) => ({
    name: `House ${index}`,
    port: `/dev/none${index}`,
  }));
  const bridge = {
    clockProblem: undefined,
    broker: { connected: true, address: 'mqtt://broker:1883', problem: undefined },
    otherOutputs: [],
    meters: names.map(() => status),
    readNow: (index: number) => {
      asked.push(index);
      return index === 1 ? ({ because: 'too-soon', reason: 'Just now.' } as const) : undefined;
    },
  };
  const config = bridgeConfig({ meters: names, ...keys }, temporaryFolder());
  const state = new PageState({
    present: { bridge, config },
    accounts: {
      usedSince: () => undefined,
      publishedUnit: (_, { quantity, unit }) => units[quantity] ?? unit,
    },
    version: '1.2.3',
    usesPassword: false,
    tail,
    logger,
    clock,
    startedAt: clock.now(),
  });
  return { state, clock, tail, logger, bridge, asked };
}

describe('the picture of a bridge', () => {
  it('has nothing of a meter that has never answered but when it is read next', () => {
    const { state } = shown();
    expect(state.meters('en')).toEqual([
      {
        name: 'House 0',
        port: '/dev/none0',
        serialNumber: null,
        model: null,
        kind: null,
        mainsPowered: false,
        schedule: '0 * * * *',
        online: null,
        reading: null,
        readingLog: null,
        lastReading: null,
        nextReading: NEXT_HOUR,
        lastError: null,
        problems: [],
        glance: [],
        today: null,
      },
    ]);
  });

  it('shows a total with its fine digits, and what today has taken, in the language asked for', () => {
    const latest = [
      number('heat_energy', 'Heat energy', '84.817', 'GJ', 60),
      number('heat_energy_fine', 'Heat energy, fine', '84.81742', 'GJ', null),
      number('heat_energy_day', 'Heat energy today', '0.120', 'GJ', null),
      number('operating_hours', 'Operating hours', '5', 'h', 1004),
    ];
    const { state } = shown({ status: statusOf({ latest }) });
    const [meter] = state.meters('da');
    expect(meter?.glance.map(({ quantity, value }) => [quantity, value])).toEqual([
      ['heat_energy_fine', '84.81742'],
      ['heat_energy', '84.817'],
    ]);
    expect(meter?.glance[1]?.label).toBe('Varmeenergi');
    expect(meter?.today).toEqual({ value: '0.120', unit: 'GJ', cost: null });
    expect(state.values('House 0', 'en')).toHaveLength(4);
    expect(state.values('Nobody', 'en')).toBeUndefined();
  });

  it('tells how much of the meter’s own log is read, row by row', () => {
    const settled = (rows: number): MeterStatus =>
      statusOf({ logProgress: { logger: 'day', rows, of: 460 } });
    const { state, bridge } = shown({ status: settled(3) });
    expect(state.meters('en')).toMatchObject([{ readingLog: { logger: 'day', rows: 3, of: 460 } }]);
    bridge.meters.splice(0, 1, settled(4));
    expect(state.meters('en')).toMatchObject([{ readingLog: { logger: 'day', rows: 4, of: 460 } }]);
  });

  it('has the units that other places have', () => {
    const latest = [
      number('heat_energy', 'Heat energy', '3.600', 'GJ', 60),
      number('heat_energy_day', 'Heat energy today', '0.036', 'GJ', null),
    ];
    const units = { heat_energy: 'kWh', heat_energy_day: 'kWh' };
    const { state } = shown({ status: statusOf({ latest }), units });
    const [meter] = state.meters('en');
    expect(meter?.glance).toMatchObject([{ value: '1000.0', unit: 'kWh' }]);
    expect(meter?.today).toMatchObject({ value: '10.0', unit: 'kWh' });
    expect(state.values('House 0', 'en')).toMatchObject([{ unit: 'kWh' }, { unit: 'kWh' }]);
  });

  it('says what a meter complains of in the language asked for, whichever it was published in', () => {
    const [da, sv] = [textsIn('da'), textsIn('sv')];
    const text = `${da.unknownInfo.replace('{code}', '4096')}; ${da.t1OutOfRange}`;
    const message: Reading = {
      quantity: 'info_text',
      label: 'Info',
      register: null,
      nature: 'message',
      value: { kind: 'text', value: text },
      unit: '',
      readAt: 1,
    };
    const { state } = shown({ status: statusOf({ latest: [message] }) });
    expect(state.meters('sv')[0]?.problems).toEqual([
      sv.unknownInfo.replace('{code}', '4096'),
      sv.t1OutOfRange,
    ]);
    const fine = { ...message, value: { kind: 'text' as const, value: da.noError } };
    expect(shown({ status: statusOf({ latest: [fine] }) }).state.meters('sv')[0]?.problems).toEqual([]);
  });

  it.each([
    ['en', 'MULTICAL 21, flowIQ 21xx, 22xx or 31xx'],
    ['da', 'MULTICAL 21, flowIQ 21xx, 22xx eller 31xx'],
    ['de', 'MULTICAL 21, flowIQ 21xx, 22xx oder 31xx'],
    ['nl', 'MULTICAL 21, flowIQ 21xx, 22xx of 31xx'],
    ['sv', 'MULTICAL 21, flowIQ 21xx, 22xx eller 31xx'],
  ] as const)('lists the models that a meter may be in %s', (language, listed) => {
    const name = 'MULTICAL 21, flowIQ 21xx, 22xx or 31xx';
    const model = { name, isOneOfSeveral: true, certainty: 'possible', why: '' } as const;
    const meter = { serialNumber: '1', name: 'House', model, kind: 'water', softwareRevision: null } as const;
    expect(shown({ status: statusOf({ meter }) }).state.meters(language)[0]?.model).toBe(listed);
  });

  it('tells how far a reading is', () => {
    const { state, clock } = shown({
      status: statusOf({ busyFor: 2_000.4, progress: { asked: 8, of: 12 } }),
    });
    expect(state.meters('en')[0]?.reading).toEqual({ since: clock.now() - 2_000, asked: 8, of: 12 });
  });

  it('asks for a reading by name, and says why there is none', () => {
    const { state, asked } = shown({ meters: 2 });
    expect(state.read('House 0')).toBe('taken');
    expect(state.read('House 1')).toEqual({ because: 'too-soon', reason: 'Just now.' });
    expect(state.read('House 2')).toBeUndefined();
    expect(asked).toEqual([0, 1]);
  });

  it('shows no secret, whoever repeats it', () => {
    const words = 'the token is token-0123456789, the password pass-word';
    const secrets = new Secrets(['token-0123456789']);
    const { state, tail, logger } = shown({ secrets });
    tail.add({ time: 0, level: 'warn', message: logger.withoutSecrets(words) });
    // A broker's password may be learnt late.
    secrets.add('pass-word');
    const hidden = 'the token is ***, the password ***';
    expect(state.log(0).lines[0]?.message).toBe(hidden);
    const health = new Health(newCounters(), logger);
    health.failed(words);
    const failed = shown({ status: statusOf({ diagnostics: health.diagnostics }) });
    expect(failed.state.meters('en')[0]?.lastError).toBe(hidden);
  });

  it('says of a webhook no more than where it is', () => {
    const { state } = shown();
    expect(state.outputs()).toMatchObject([{ name: 'mqtt', state: 'works', delivered: null }]);
  });
});

describe('what changes', () => {
  it('is told a second later at most, and nothing else, of a thousand meters', async () => {
    const { state, clock, bridge, tail, logger } = shown({ meters: 1_000 });
    const gone = new AbortController();
    const changes = changesOf(state, 'en', clock, gone.signal);
    const first = await changes.next();
    expect(first.value).toMatchObject({ event: 'state', data: { version: '1.2.3', needsSetup: false } });
    let next = changes.next();
    await clock.advance(3_000);
    bridge.meters[7] = statusOf({ online: true });
    tail.add({ time: 5, level: 'info', message: logger.withoutSecrets('read') });
    await clock.advance(1_000);
    expect((await next).value).toMatchObject({ event: 'meter', data: { name: 'House 7', online: true } });
    next = changes.next();
    expect((await next).value).toMatchObject({ event: 'log', data: { message: 'read' } });
    next = changes.next();
    // The next full hour is another one for all of them.
    await clock.advance(NEXT_HOUR - clock.now() + 1_000);
    expect((await next).value).toMatchObject({ event: 'meter', data: { name: 'House 0' } });
    gone.abort();
    for await (const _ of changes);
    expect(clock.pendingTimers).toBe(0);
  });

  it('costs nothing while nobody takes it', async () => {
    const { state, clock } = shown();
    const changes = changesOf(state, 'en', clock, new AbortController().signal);
    await changes.next();
    expect(clock.pendingTimers).toBe(0);
  });
});
