/** Home Assistant refuses a longer state. */
const LONGEST = 255;

/** As much of an advice as a state has room for, ending where a sentence or a part of it does: half an advice misleads. */
export function wholeSentences(text: string): string {
  if (text.length <= LONGEST) return text;
  const room = text.slice(0, LONGEST);
  const [, fitting] = /^(.+)[.;:?!](?=\s)/s.exec(room) ?? [];
  return fitting === undefined ? `${room.slice(0, -1)}…` : `${fitting}.`;
}
