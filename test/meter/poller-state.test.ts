import { describe, expect, it } from 'vitest';
import { initialState, next, type PollerInput, type PollerState } from '../../src/meter/poller-state.ts';

const START = initialState({ readOnStart: true, detailSchedule: '0 6 * * *' });

const asked = (kind: 'scheduled' | 'detail' = 'scheduled'): PollerInput => ({ is: 'asked', kind, now: 1 });
const opened: PollerInput = { is: 'port-opened', now: 2 };
const ended: PollerInput = { is: 'ended', now: 3 };
const answered: PollerInput = { is: 'answered', kind: 'scheduled', doubts: 0 };
const lost: PollerInput = { is: 'failed', kind: 'scheduled', cause: 'port', again: 'soon' };
const failed = (kind: 'scheduled' | 'detail', again: 'soon' | 'on-schedule'): PollerInput => ({
  is: 'failed',
  kind,
  cause: 'meter',
  again,
});

const stateAfter = (...inputs: readonly PollerInput[]): PollerState => inputs.reduce(next, START);
const reading = (kind: 'scheduled' | 'detail') => ({ at: 'reading', kind });

describe('asking', () => {
  it('begins a reading, and one that runs already is the one', () => {
    expect(stateAfter(asked()).activity).toMatchObject({ ...reading('scheduled'), since: 1, next: [] });
    expect(stateAfter(asked(), asked(), asked()).activity).toMatchObject({ next: [] });
  });

  it('for the other kind meanwhile is answered after it', () => {
    const both = [asked(), asked('detail'), asked('detail')];
    expect(stateAfter(...both, ended).activity).toMatchObject({ ...reading('detail'), since: 3, next: [] });
    expect(stateAfter(...both, ended, ended).activity).toMatchObject({ at: 'idle', owed: [] });
  });

  it('for details that were learnt meanwhile is answered already', () => {
    expect(stateAfter(asked(), asked('detail'), { is: 'learnt' }, ended).activity).toMatchObject({
      at: 'idle',
    });
  });

  it('is in vain where the meter has had its readings, and after the stop', () => {
    expect(stateAfter(asked(), asked('detail'), { is: 'refused' }).activity).toEqual({
      at: 'idle',
      owed: [],
    });
    expect(stateAfter({ is: 'stopped' }, asked(), opened).activity).toEqual({ at: 'stopped' });
  });
});

describe('a failure', () => {
  it('of details has them made up for with the next reading, the main registers first', () => {
    const owing = [asked('detail'), failed('detail', 'soon')];
    expect(stateAfter(...owing).activity).toMatchObject({ at: 'idle', owed: ['detail'] });
    expect(stateAfter(...owing, asked()).activity).toMatchObject({
      ...reading('scheduled'),
      next: ['detail'],
    });
  });

  it('after the last retry owes nothing, and leaves learning to the schedule', () => {
    const state = stateAfter(asked(), asked('detail'), failed('detail', 'on-schedule'));
    expect(state).toMatchObject({ activity: { at: 'idle', owed: [] }, learning: 'by-schedule' });
    expect(stateAfter(asked(), failed('scheduled', 'on-schedule')).learning).toBe('with-any-reading');
  });
});

describe('a port that opens', () => {
  it('is worth the first reading, once', () => {
    expect(stateAfter(opened).activity).toMatchObject(reading('scheduled'));
    expect(stateAfter(opened, ended, opened).activity.at).toBe('idle');
    expect(stateAfter(asked(), ended, opened).activity.at).toBe('idle');
    const asleep = initialState({ readOnStart: false, detailSchedule: 'never' });
    expect(next(asleep, opened)).toEqual(asleep);
  });

  it('is worth a reading that it has cost, and no other until one was good', () => {
    expect(stateAfter(asked(), lost, opened).activity).toMatchObject(reading('scheduled'));
    expect(stateAfter(asked(), lost, opened, lost, opened).activity.at).toBe('idle');
    const again = stateAfter(asked(), lost, opened, answered, ended, asked(), lost, opened);
    expect(again.activity).toMatchObject(reading('scheduled'));
  });

  it('is worth none where the meter did not answer', () => {
    expect(stateAfter(asked(), failed('scheduled', 'soon'), opened).activity.at).toBe('idle');
  });
});

describe('a doubtful value', () => {
  it('is known until we are idle, whatever is read after it', () => {
    const doubted: PollerInput = { is: 'answered', kind: 'scheduled', doubts: 2 };
    const state = stateAfter(
      asked(),
      doubted,
      asked('detail'),
      ended,
      { ...answered, kind: 'detail' },
      ended,
    );
    expect(state.activity).toEqual({ at: 'idle', owed: [], doubtful: 'scheduled' });
    expect(next(state, asked()).activity).toMatchObject({ ...reading('scheduled'), doubtful: undefined });
  });
});
