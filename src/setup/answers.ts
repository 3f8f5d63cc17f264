import type { MeterKind } from '../catalogue/family.ts';
import { isObject } from '../shared/stored.ts';

/** Where the meter gets its power from: each reading costs a battery something. */
export type Powering = 'battery' | 'mains';

/** How the head sits: it stays where it is, it is held there for a reading, or it hangs on a gateway in the network. */
export type Mounting = 'fixed' | 'held' | 'gateway';

/** What a meter that answered said of itself. */
export interface SeenMeter {
  readonly serialNumber: string;
  /** For people; null where it cannot be told. */
  readonly model: string | null;
  readonly kind: MeterKind | null;
  /** Advice on its eye. */
  readonly eye: readonly string[];
}

/** Answers about one meter, as far as they were given. */
export interface MeterAnswers {
  /** Its name in the present configuration; null: it is a new one. */
  readonly of: string | null;
  port?: string | undefined;
  baudRate?: number;
  /** Null: it was not asked, or did not answer, and is taken all the same. */
  seen?: SeenMeter | null;
  name?: string;
  powering?: Powering;
  mounting?: Mounting | undefined;
  schedule?: string;
}

export interface BrokerAnswers {
  /** Null: none. */
  url?: string | null;
  username?: string;
  password?: string;
  /** It let us in, or is taken all the same. */
  settled?: boolean;
}

/** Values of one output's keys, as the file has them. */
export type OutputAnswers = Readonly<Record<string, unknown>>;

/** All that a set-up asks about. What is missing was not answered, and stays in the configuration as it is. */
export interface Answers {
  meters: MeterAnswers[];
  broker?: BrokerAnswers | undefined;
  /** By the output's name. */
  outputs: Record<string, OutputAnswers>;
  /** No more outputs are wanted. */
  outputsSettled?: boolean | undefined;
}

export function noAnswers(): Answers {
  return { meters: [], outputs: {} };
}

/** A stored document as answers; undefined where it is none. */
export function answersIn(value: unknown): Answers | undefined {
  if (!isObject(value)) return undefined;
  const { meters, outputs } = value as Record<string, unknown>;
  const isWhole = Array.isArray(meters) && meters.every(isObject) && isObject(outputs);
  return isWhole ? (value as unknown as Answers) : undefined;
}
