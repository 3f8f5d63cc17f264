import { afterEach, describe, expect, it } from 'vitest';
import { R } from '../../src/catalogue/register.ts';
import { UNIT } from '../../src/catalogue/units.ts';
import type { MeterEvent } from '../../src/readings/meter-event.ts';
import type { ConditionName } from '../../src/simulator/conditions.ts';
import { MeterCalendar } from '../../src/simulator/meter-calendar.ts';
import type { ModelName } from '../../src/simulator/models/models.ts';
import type { VirtualMeter } from '../../src/simulator/virtual-meter.ts';
import { PolledLine, type PolledLineOptions } from '../support/polled-line.ts';

const MINUTE = 60_000;
const FIRST = '84968362';

let home: PolledLine;

afterEach(() => home.stop());

async function started(options: PolledLineOptions = {}): Promise<void> {
  home = new PolledLine(options);
  await home.firstReading();
}

/** The bridge is stopped and started again. */
async function restarted(options: PolledLineOptions = {}): Promise<void> {
  const { memory } = home;
  await home.stop();
  await started({ ...options, memory });
}

async function becomes(conditions: readonly ConditionName[]): Promise<void> {
  home.simulator.meters[0]?.setConditions(conditions);
  await home.tick('hourly');
}

function meter(): VirtualMeter {
  const [only] = home.simulator.meters;
  if (only === undefined) throw new Error('no meter');
  return only;
}

/** It says this number in place of what it complains about. */
function shows(info: number, ...registers: readonly number[]): void {
  for (const id of registers)
    meter().setRegister(id, { unit: UNIT.number, length: 4, decimals: 0, source: info });
}

const events = (): readonly MeterEvent[] => home.publisher.events.map(({ event }) => event);
const problems = (): readonly string[] =>
  events().map((event) => ('problem' in event ? `${event.kind}: ${event.problem}` : event.kind));

const withConditions = (model: ModelName, ...conditions: ConditionName[]): PolledLineOptions => ({
  meters: [{ model, conditions }],
});

describe('problems', () => {
  it.each([
    '403',
    '602',
    '21',
  ] as const)('begin once and end once, with what a %s says then', async (model) => {
    await started(withConditions(model));
    await becomes(['leak']);
    await home.tick('hourly');
    await home.tick('hourly');
    expect(problems()).toEqual(['problem-began: leakage']);
    expect(events()[0]).toMatchObject({
      info: expect.stringMatching(/leak/),
      code: expect.stringMatching(/\d/),
    });
    await becomes([]);
    await home.tick('hourly');
    expect(problems()).toEqual(['problem-began: leakage', 'problem-ended: leakage']);
    expect(events()[1]).toMatchObject({ info: 'no error', code: '0' });
  });

  it('are each told for itself', async () => {
    await started(withConditions('403', 'leak'));
    await becomes(['burst', 'air']);
    expect(problems()).toEqual(['problem-began: air', 'problem-ended: leakage', 'problem-began: burst']);
  });

  it('that nobody knows do not end where a known one begins', async () => {
    await started(withConditions('403'));
    /** Reserved by TD403 p.92. */
    const [unknown, leak] = [0x400, 0x4000_0000];
    for (const bits of [unknown, unknown + leak, unknown, 0]) {
      shows(bits, R.infoCode, R.infoBits);
      await home.tick('hourly');
    }
    expect(problems()).toEqual([
      'problem-began: other',
      'problem-began: leakage',
      'problem-ended: leakage',
      'problem-ended: other',
    ]);
  });

  it('whose code was not clear are over as such once it is', async () => {
    await started({ meters: [{ model: '403', registers: { [R.infoBits]: null } }], model: '403' });
    // It is asked for the bits a few times before that is given up.
    for (let reading = 0; reading < 3; reading++) await home.tick('hourly');
    for (const code of [1_000_000, 0x4000_0000]) {
      shows(code, R.infoCode);
      await home.tick('hourly');
    }
    expect(problems()).toEqual(['problem-began: other', 'problem-began: leakage', 'problem-ended: other']);
  });

  it('are not told at the first contact', async () => {
    await started(withConditions('403', 'leak'));
    await home.tick('hourly');
    await home.tick('daily');
    expect(events()).toEqual([]);
  });

  it('are not told again after a restart, but those that came and went meanwhile', async () => {
    await started(withConditions('403'));
    await becomes(['leak']);
    await restarted(withConditions('403', 'leak'));
    await home.tick('hourly');
    expect(events()).toEqual([]);
    await restarted(withConditions('403', 'burst'));
    expect(problems()).toEqual(['problem-ended: leakage', 'problem-began: burst']);
  });

  it('are not told because it became known what the code stands for', async () => {
    const options = withConditions('403', 'leak');
    await started({ ...options, model: '602' });
    await restarted({ ...options, model: '403' });
    await home.tick('hourly');
    expect(events()).toEqual([]);
  });
});

describe('the clock', () => {
  /** Seconds that the meter shows more than its clock has. */
  const showsMore = (seconds: number): void => {
    const shown = home.clock.now() + seconds * 1000;
    const { dateTime } = new MeterCalendar().registers(shown);
    const text = String.fromCharCode(...dateTime);
    meter().setRegister(R.dateTime, { unit: UNIT.dstDateTime, length: 7, decimals: 0, source: { text } });
  };

  /** Read each hour, from a clock that stands `drift` away from the bridge's. */
  async function drifts(...all: readonly number[]): Promise<void> {
    await started({ registers: [60, R.dateTime], detailSchedule: 'never' });
    for (const drift of all) {
      await home.clock.advance(60 * MINUTE);
      showsMore(drift);
      await home.tick('hourly');
    }
  }

  it('was set once it stays where it jumped to', async () => {
    await drifts(0, 2, 600);
    expect(events()).toEqual([]);
    showsMore(601);
    await home.tick('hourly');
    expect(events()).toMatchObject([{ kind: 'clock-set' }]);
    const [event] = events();
    expect(event?.kind === 'clock-set' && Math.abs(event.by - 600)).toBeLessThan(10);
    showsMore(601);
    await home.tick('hourly');
    expect(events()).toHaveLength(1);
  });

  it.each([
    ['it goes wrong by seconds', [0, 10, 20, 35, 50]],
    ['the bridge had a wrong clock for one reading', [0, 86_400, 0, 0]],
    ['it is summer time', [0, 3600, 3600, 3601]],
  ] as const)('was not set because %s', async (_, all) => {
    await drifts(...all);
    expect(events()).toEqual([]);
  });
});

describe('a meter that is swapped', () => {
  const OTHER = { model: '403', serialNumber: 71_000_001 } as const;

  it('is told of the old one, once', async () => {
    await started({ registers: [80, 86, 74], detailSchedule: 'never' });
    for (const each of home.simulator.meters) home.simulator.removeMeter(each);
    home.simulator.addMeter(OTHER);
    await home.tick('hourly');
    await home.tick('hourly');
    const event = { kind: 'meter-swapped', old: FIRST, new: '71000001' };
    expect(home.publisher.events).toMatchObject([{ serialNumber: FIRST, event }]);
  });

  it('is told when the bridge was off meanwhile', async () => {
    await started();
    await restarted({ meters: [OTHER] });
    await home.tick('hourly');
    expect(home.publisher.events).toMatchObject([{ serialNumber: FIRST, event: { new: '71000001' } }]);
  });

  it('is no event where it may not be read', async () => {
    await started();
    await restarted({ meters: [OTHER], readElsewhere: true });
    await home.tick('hourly');
    expect(events()).toEqual([]);
  });
});
