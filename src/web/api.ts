/**
 * What the page, and whoever else asks, gets from the bridge: the JSON of `api/v1`, described by `openapi.json` beside it.
 * Times are milliseconds since 1970; numbers of a meter are decimal texts, as exact as the meter gave them.
 */

/** `GET api/v1/state`; whole again in the event `state` of `GET api/v1/events` when a client connects. */
export interface BridgeState {
  readonly version: string;
  /** Null while the computer's clock is not set. */
  readonly startedAt: number | null;
  /** In words; null while the computer's clock can be right. */
  readonly clockProblem: string | null;
  /** The page has something to set up: no meter is configured. */
  readonly needsSetup: boolean;
  /** Who sees this has said a password, and can log out: `DELETE api/v1/session`. */
  readonly usesPassword: boolean;
  readonly outputs: readonly OutputState[];
  /** In the order of the configuration. */
  readonly meters: readonly MeterState[];
}

/** A meter as its card shows it; an event `meter` brings it anew when something of it has changed. */
export interface MeterState {
  /** From the configuration, and unique: how it is asked for. */
  readonly name: string;
  readonly port: string;
  /** Null until it answered for the first time. */
  readonly serialNumber: string | null;
  /** As Home Assistant's device page says it; several, in the language asked for, where it may be each of them. */
  readonly model: string | null;
  readonly kind: 'heat' | 'water' | 'electricity' | null;
  readonly mainsPowered: boolean;
  readonly schedule: string;
  /** Null while it is not known. */
  readonly online: boolean | null;
  /** A reading runs: since when, and how far it is. Null: none. */
  readonly reading: { readonly since: number; readonly asked: number; readonly of: number } | null;
  /**
   * What the meter wrote down itself is being read, beside its readings: from which of its loggers (`year`, `month`, `day`,
   * `hour` ...), and how many of the rows that are wanted are settled. Null: nothing.
   */
  readonly readingLog: { readonly logger: string; readonly rows: number; readonly of: number } | null;
  readonly lastReading: number | null;
  /** Null where it is not known, as while the clock is not set. */
  readonly nextReading: number | null;
  /** In words, what is wrong and what to do; null while all is well. */
  readonly lastError: string | null;
  /** What the meter itself complains of, in the language asked for. */
  readonly problems: readonly string[];
  /** The values that a card shows, by quantity: `heat_energy`, `power`, `flow_temperature` ... Those that there are. */
  readonly glance: readonly Value[];
  /** Since midnight, of the meter's main total. Null where it cannot be told. `cost`: with its currency, in words. */
  readonly today: { readonly value: string; readonly unit: string; readonly cost: string | null } | null;
}

export interface Value {
  readonly quantity: string;
  /** In the language asked for. */
  readonly label: string;
  readonly value: string;
  readonly unit: string;
  readonly readAt: number;
}

/** The broker is one of them. */
export interface OutputState {
  /** `mqtt`, or the name of its section in the configuration. */
  readonly name: string;
  readonly label: string;
  /** One of what it delivers. */
  readonly noun: string;
  readonly state: 'works' | 'waits' | 'trouble';
  /** In words. */
  readonly problem: string | null;
  /** Where it delivers, without secrets. */
  readonly address: string | null;
  /** Null where nobody counts: at the broker. */
  readonly delivered: number | null;
  readonly waiting: number;
  readonly refused: number;
  readonly lost: number;
  readonly lastDelivery: number | null;
}

/** `GET api/v1/log`: oldest first; an event `log` brings the next line. */
export interface LogLine {
  readonly time: number;
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly message: string;
}

/**
 * `GET api/v1/meters/NAME/registers`; `POST api/v1/meters/NAME/ask` with `{ ids }`, at most eight: asks the meter now, and
 * gives those that it has.
 */
export interface RegisterState {
  readonly id: number;
  /** Null for one that the catalogue does not know. */
  readonly label: string | null;
  readonly quantity: string | null;
  readonly value: string | null;
  readonly unit: string | null;
  /** Hexadecimal, unit and length first, as in the meter's answer; null where they were not kept. */
  readonly bytes: string | null;
  readonly readAt: number | null;
}

/** `GET api/v1/meters/NAME/exchanges`: the newest first, at most a hundred. */
export interface ExchangeState {
  /** When it began; while the computer's clock is not set, since the start. */
  readonly at: number;
  /** Hexadecimal as on the line, and each stretch of it in words. */
  readonly sent: { readonly bytes: string; readonly parts: readonly BytesInWords[] };
  readonly received: { readonly bytes: string; readonly parts: readonly BytesInWords[] };
  /** In a few words: "answered", "no answer", "damaged reply" ... */
  readonly outcome: string;
  /** Milliseconds from the request's last byte to the reply's end; null without one. */
  readonly took: number | null;
}

export interface BytesInWords {
  readonly bytes: string;
  readonly meaning: string;
}

/** `GET api/v1/meters/NAME/battery` */
export interface BatteryState {
  readonly mainsPowered: boolean;
  /** Readings a day that the maker's battery tables assume. */
  readonly assumedReadingsADay: number;
  readonly readingsToday: number;
  /** Oldest first, today last; at most 28. */
  readonly days: ReadonlyArray<{
    readonly date: string;
    readonly readings: number;
    /** Milliseconds. */
    readonly awakeTime: number;
    readonly bytes: number;
  }>;
  /** To what the maker assumes. */
  readonly ratio: number;
  /** False on the first days, while too little has been counted for `ratio` to tell anything. */
  readonly isJudged: boolean;
  readonly readingsLeftToday: number | null;
  readonly presets: ReadonlyArray<{
    readonly name: string;
    readonly words: string;
    readonly readingsADay: number;
    readonly ratio: number;
    readonly isOurs: boolean;
  }>;
}

/** `GET api/v1/meters/NAME/history`: of what something is kept. */
export interface HistoryContents {
  /** Why nothing is kept any more, or cannot be looked at, in words; null while all is well. */
  readonly problem: string | null;
  /** IANA name: days and months begin by it. */
  readonly timezone: string;
  readonly quantities: ReadonlyArray<{
    readonly quantity: string;
    readonly label: string;
    readonly unit: string;
    readonly decimals: number;
    /** A total: `consumption` tells what was used; else `course`. */
    readonly isTotal: boolean;
    readonly first: number;
    readonly last: number;
  }>;
  /** Of a unit of the main total; null where none is configured. */
  readonly price: {
    readonly value: string;
    readonly unit: string;
    /** ISO 4217, such as `DKK`; may be empty. */
    readonly currency: string;
    /** What it is the price of: the main total, and the same with more digits. */
    readonly quantities: readonly string[];
  } | null;
}

/**
 * `GET api/v1/meters/NAME/history/consumption?quantity=&by=hour|day|month|year&from=&to=`, and `.../consumption.csv`:
 * from the boundary at or before `from` to the one at or after `to`.
 */
export interface HistoryConsumption {
  readonly quantity: string;
  readonly unit: string;
  readonly bars: ReadonlyArray<{
    readonly from: number;
    readonly to: number;
    /** Null: nobody knows. */
    readonly used: number | null;
    /** When the total was told that it is counted from, where none was near `from`; else null. */
    readonly since: number | null;
    /**
     * `reading`: from what this program read. `log`: nothing was read near one of its ends, and the meter had written that
     * total down itself. Null where `used` is.
     */
    readonly source: 'reading' | 'log' | null;
  }>;
}

/** `GET api/v1/meters/NAME/history/course?quantity=&from=&to=`, and `.../course.csv`: at most 1,500 points. */
export interface HistoryCourse {
  readonly quantity: string;
  readonly unit: string;
  readonly points: ReadonlyArray<{
    readonly at: number;
    readonly mean: number;
    readonly low: number;
    readonly high: number;
  }>;
}

/**
 * `POST api/v1/placement` with `{ port, baudRate?, minutes? }`: the answer is a stream of these, a JSON object a line, until
 * it is told to stop, the time is up, or the client goes: each of them gives the port back to the bridge.
 */
export type PlacementMessage =
  | { readonly kind: 'waiting' }
  | {
      readonly kind: 'view';
      /** Of the last ten seconds. */
      readonly asked: number;
      readonly answered: number;
      readonly echoSeen: boolean;
      readonly damagedReplies: number;
      readonly discardedBytes: number;
      /** `good`, `hold-still`, `unsteady` ...: the page has the words. */
      readonly verdict: string;
      readonly serialNumber: string | null;
      /** Milliseconds until it ends by itself. */
      readonly left: number;
      /** What it has cost so far, in readings of the usual kind. */
      readonly cost: number;
    }
  | { readonly kind: 'over'; readonly problem: string | null };

/** `GET api/v1/setup` */
export interface SetupState {
  /** Where the configuration is written; null where it cannot be, and `problem` says why. */
  readonly target: 'file' | 'addon' | null;
  readonly problem: string | null;
  readonly ports: ReadonlyArray<{ readonly port: string; readonly what: string }>;
  /** Ports that are read already. */
  readonly used: readonly string[];
}

/** `POST api/v1/setup/test` with `{ port, baudRate? }`. */
export interface TestedPort {
  readonly ok: boolean;
  readonly meter: {
    readonly serialNumber: string;
    readonly model: string | null;
    readonly kind: 'heat' | 'water' | 'electricity' | null;
    /** What to do that its eye stays awake. */
    readonly advice: readonly string[];
    readonly proposedName: string;
    readonly proposedSchedule: { readonly preset: string; readonly why: string };
  } | null;
  /** In words; null where it answered. */
  readonly problem: string | null;
  readonly advice: readonly string[];
}

/**
 * `POST api/v1/setup` with `{ name, port, baudRate?, schedule, mainsPowered }`: adds the meter to the configuration and
 * reads it at once. `{ problems: [] }` when it is done.
 */
export interface SavedSetup {
  readonly problems: readonly string[];
}

/** Every answer that is no success. */
export interface Refusal {
  /** In words, for a person. */
  readonly error: string;
}
