/** Units by quantity, as those spell them who announce entities; empty for none. */
export type Units = ReadonlyMap<string, string>;

/**
 * The state topic of one meter, as seen by whoever announces its entities. A number and its unit travel in two messages,
 * so that both sides have to agree which of them goes first:
 *
 *   old number, old unit ──▶ null, old unit ──▶ null, new unit ──▶ new number, new unit
 */
export interface AnnouncedState {
  readonly topic: string;
  /** The broker holds announcements with these units, and no other ones. */
  announced(units: Units): void;
  /**
   * True once no number stands at the broker, or comes there, that would be taken for one in these units. Else `again` is
   * called when it is worth asking again.
   */
  makeRoom(units: Units, again: () => void): boolean;
}
