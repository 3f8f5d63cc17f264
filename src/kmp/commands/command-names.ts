// biome-ignore format: a table reads best in rows
/** Names of the commands by CID (5512-447 section 3.3; B8 from jktjkt/PyKMP). We send the three that get something. */
const NAMES: ReadonlyMap<number, string> = new Map([
  [0x01, 'GetType'], [0x02, 'GetSerialNo'], [0x09, 'SetClock'], [0x10, 'GetRegister'], [0x11, 'PutRegister'],
  [0x92, 'Login'], [0x9b, 'GetEventStatus'], [0x9c, 'ClearEventStatus'], [0xa0, 'GetLogTimePresent'],
  [0xa1, 'GetLogLastPresent'], [0xa2, 'GetLogIDPresent'], [0xa3, 'GetLogTimePast'], [0xb8, 'Logger'],
]);

/** The command's name, or `unknown` for a CID that is not public. */
export function commandName(cid: number): string {
  return NAMES.get(cid) ?? 'unknown';
}
