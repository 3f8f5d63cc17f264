import { describe, expect, it } from 'vitest';
import { BUTTON_303, BUTTON_402, MAGNET_X3 } from '../../src/catalogue/eyes.ts';
import type { SeenMeter } from '../../src/setup/answers.ts';
import {
  advisedEyes,
  batteryWords,
  mountingAt,
  proposedName,
  proposedPowering,
  proposedSchedule,
  scheduleChoices,
} from '../../src/setup/decisions.ts';

function seen(...eye: readonly string[]): SeenMeter {
  return { serialNumber: '84968362', model: 'MULTICAL', kind: 'heat', eye };
}

const AT_HOME = { powering: 'battery', mounting: 'fixed', seen: seen(MAGNET_X3.advice) } as const;

describe('the proposed schedule', () => {
  it.each([
    ['hourly', AT_HOME],
    ['hourly', { ...AT_HOME, seen: undefined }],
    ['hourly', { ...AT_HOME, mounting: 'gateway' }],
    ['keep-awake', { ...AT_HOME, seen: seen(BUTTON_402.advice) }],
    // It may be one of both: only what holds for each is proposed.
    ['hourly', { ...AT_HOME, seen: seen(BUTTON_402.advice, MAGNET_X3.advice) }],
    // Requests do not keep this one awake.
    ['hourly', { ...AT_HOME, seen: seen(BUTTON_303.advice) }],
    ['balanced', { ...AT_HOME, powering: 'mains' }],
    ['daily', { ...AT_HOME, mounting: 'held', seen: seen(BUTTON_402.advice) }],
  ] as const)('is %s where that fits meter, battery and head', (preset, circumstances) => {
    expect(proposedSchedule(circumstances).preset).toBe(preset);
  });

  it('is one of those to choose from, of which only mains power allows the fastest', () => {
    const presets = (powering: 'battery' | 'mains') => scheduleChoices(powering).map(({ preset }) => preset);
    expect(presets('battery')).toEqual(['hourly', 'saver', 'balanced', 'keep-awake', 'daily']);
    expect(presets('mains')).toContain('live');
  });
});

describe('what a schedule means for the battery', () => {
  it.each([
    ['hourly', 'battery', /^25 readings a day .* lasts as long as its maker says\.$/],
    ['balanced', 'battery', /^97 readings a day .* the battery will last less long\.$/],
    ['keep-awake', 'battery', /^73 readings a day .* what such a meter needs to stay awake\.$/],
    ['live', 'mains', /^2881 readings a day .* cost no battery\.$/],
    ['0 6-22 * * *', 'battery', /^18 readings a day .* lasts as long/],
  ] as const)('is told for %s on %s', (schedule, powering, words) => {
    expect(batteryWords('Heat', schedule, powering)).toMatch(words);
  });
});

describe('other proposals', () => {
  it('name a meter as what it is, and none twice', () => {
    expect(proposedName('water', [])).toBe('Water meter');
    expect(proposedName(null, [])).toBe('Heat meter');
    expect(proposedName('heat', ['Heat meter', 'Heat meter 2'])).toBe('Heat meter 3');
  });

  it('take electricity meters for mains-powered, and others not', () => {
    expect([proposedPowering('electricity'), proposedPowering('heat'), proposedPowering(null)]).toEqual([
      'mains',
      'battery',
      'battery',
    ]);
  });

  it('know a gateway by its port', () => {
    expect([mountingAt('tcp://10.0.0.1:2000'), mountingAt('/dev/ttyUSB0')]).toEqual(['gateway', undefined]);
  });

  it('advise on an eye only where somebody has to press a button', () => {
    expect(advisedEyes(seen(BUTTON_402.advice, MAGNET_X3.advice))).toEqual([BUTTON_402.advice]);
  });
});
