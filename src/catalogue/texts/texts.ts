import type { InfoMessage } from '../info-codes.ts';

/**
 * Characters that Home Assistant takes as a state. Texts are made to fit where they are written, because only there it
 * is known which part of them can be left out.
 */
export const LONGEST_STATE = 255;

/** `{code}`, `{value}` and `{count}` stand for what is put in. */
type Phrase =
  | 'noError'
  /** A bit that nobody explained. */
  | 'unknownInfo'
  /** A meter whose info codes are not known. */
  | 'infoCode'
  /** A code that may mean one thing or another. */
  | 'unclearCode'
  /** The meter shows what it shows for an open sensor, without an info code that says so. */
  | 't1Open'
  | 't2Open'
  | 't3Open'
  | 't4Open'
  /** Counts the messages that there is no room for. */
  | 'more';

/** All of one language. */
export type InfoTexts = Readonly<Record<InfoMessage | Phrase, string>>;
