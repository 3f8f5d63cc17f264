import type { ReadingKind } from './meter-reader.ts';

/** Kinds that are still to be read. */
type Kinds = readonly ReadingKind[];

/**
 * Decides when a meter is read, without timers and without I/O:
 *
 *               asked, port opened
 *      idle ─────────────────────────▶ reading ─┐ ended, with more to read
 *       ▲                                │  ▲   │
 *       └── ended, failed, refused ──────┘  └───┘
 *
 * and from anywhere, once: stopped.
 */
export type Activity =
  | {
      readonly at: 'idle';
      /** Made up for along with the next reading. */
      readonly owed: Kinds;
      /** The kind that brought a doubtful value, which is to be confirmed or refuted. */
      readonly doubtful?: ReadingKind | undefined;
    }
  | {
      readonly at: 'reading';
      readonly kind: ReadingKind;
      /** On the monotonic clock. */
      readonly since: number;
      /** Asked for meanwhile. */
      readonly next: Kinds;
      /** The same, since we were idle. */
      readonly doubtful?: ReadingKind | undefined;
    }
  | { readonly at: 'stopped' };

/**
 * The next opening of the port is worth this. Opening alone is no reason to wake a meter that did not answer: that is
 * what the retries are for.
 */
type Opening =
  /** The reading at the start. */
  | 'first-reading'
  | 'nothing'
  /** One reading, because the port cost us one. */
  | 'lost-reading'
  /** Nothing until a reading was good: a port that drops at each request must not wake the meter each time. */
  | 'spent';

/** Registers that a meter was never asked for are asked for then. */
type Learning =
  | 'with-any-reading'
  /** Details are not wanted, or learning along with a reading failed too often. */
  | 'by-schedule';

export interface PollerState {
  readonly activity: Activity;
  readonly opening: Opening;
  readonly learning: Learning;
}

export type PollerInput =
  /** By a schedule, a burst, a retry or a person. */
  | { readonly is: 'asked'; readonly kind: ReadingKind; readonly now: number }
  | { readonly is: 'port-opened'; readonly now: number }
  /** The meter gave something plausible, or something doubtful. */
  | { readonly is: 'answered'; readonly kind: ReadingKind; readonly doubts: number }
  /** Along with another reading the meter was asked for its details. */
  | { readonly is: 'learnt' }
  /** The reading came to its end without an error. */
  | { readonly is: 'ended'; readonly now: number }
  | {
      readonly is: 'failed';
      readonly kind: ReadingKind;
      readonly cause: 'port' | 'meter';
      /** A retry follows, or only the schedule. */
      readonly again: 'soon' | 'on-schedule';
    }
  /** The meter has had its readings of today. */
  | { readonly is: 'refused' }
  | { readonly is: 'stopped' };

const IDLE = { at: 'idle', owed: [] } as const satisfies Activity;

export function initialState(settings: {
  readonly readOnStart: boolean;
  readonly detailSchedule: string;
}): PollerState {
  return {
    activity: IDLE,
    opening: settings.readOnStart ? 'first-reading' : 'nothing',
    learning: settings.detailSchedule === 'never' ? 'by-schedule' : 'with-any-reading',
  };
}

/** The state after `input`; the one place for every transition. */
export function next(state: PollerState, input: PollerInput): PollerState {
  const { activity, opening, learning } = state;
  if (activity.at === 'stopped') return state;
  switch (input.is) {
    case 'asked':
      if (activity.at === 'reading') return { ...state, activity: readNext(activity, input.kind) };
      return {
        activity: reading(including(activity.owed, input.kind), input.now),
        opening: opening === 'first-reading' ? 'nothing' : opening,
        learning,
      };
    case 'port-opened':
      if (opening !== 'first-reading' && opening !== 'lost-reading') return state;
      return next(
        { ...state, opening: opening === 'lost-reading' ? 'spent' : 'nothing' },
        { is: 'asked', kind: 'scheduled', now: input.now },
      );
    case 'answered':
      if (activity.at !== 'reading') return state;
      return {
        activity: input.doubts > 0 ? { ...activity, doubtful: input.kind } : activity,
        opening: 'nothing',
        learning,
      };
    case 'learnt':
      if (activity.at !== 'reading') return state;
      return { ...state, activity: { ...activity, next: without(activity.next, 'detail') } };
    case 'ended':
      if (activity.at !== 'reading') return state;
      return { ...state, activity: reading(activity.next, input.now, activity.doubtful) };
    case 'failed': {
      const owed = activity.at === 'reading' ? activity.next : activity.owed;
      const isDetail = input.kind === 'detail';
      return {
        activity:
          input.again === 'soon' ? { at: 'idle', owed: isDetail ? including(owed, 'detail') : owed } : IDLE,
        opening: input.cause === 'port' && opening === 'nothing' ? 'lost-reading' : opening,
        learning: input.again === 'on-schedule' && isDetail ? 'by-schedule' : learning,
      };
    }
    case 'refused':
      return { ...state, activity: IDLE };
    case 'stopped':
      return { ...state, activity: { at: 'stopped' } };
  }
}

/** Reads the first of `kinds`, the main registers before the details; idle without any. */
function reading(kinds: Kinds, now: number, doubtful?: ReadingKind): Activity {
  const [kind] = kinds.includes('scheduled') ? (['scheduled'] as const) : kinds;
  if (kind === undefined) return { ...IDLE, doubtful };
  return { at: 'reading', kind, since: now, next: without(kinds, kind), doubtful };
}

/** The kind that is being read now is not read again; the other one comes after it. */
function readNext(activity: Activity & { readonly at: 'reading' }, kind: ReadingKind): Activity {
  return kind === activity.kind ? activity : { ...activity, next: including(activity.next, kind) };
}

function including(kinds: Kinds, kind: ReadingKind): Kinds {
  return kinds.includes(kind) ? kinds : [...kinds, kind];
}

function without(kinds: Kinds, kind: ReadingKind): Kinds {
  return kinds.filter((each) => each !== kind);
}
