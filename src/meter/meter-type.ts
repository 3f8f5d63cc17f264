// biome-ignore format: a table reads best in rows
/** Electricity meters by the high byte of their type code (Korean AMI head-end code). */
const ELECTRICITY: ReadonlyMap<number, string> = new Map([
  [0x53, '382'], [0x55, '382'], [0x56, '162'], [0x57, '162'], [0x58, '282'], [0x59, '282'], [0x5a, 'OMNIPOWER'],
  [0x60, '351B'], [0x61, '351B'], [0x62, '382L'], [0x63, '382L'], [0x64, '162L'], [0x65, '162L'], [0x66, '282L'],
  [0x67, '282L'], [0x68, '382M'], [0x69, '382M'], [0x70, '162M'], [0x71, '162M'], [0x72, '282M'], [0x73, '282M'],
  [0x75, '351C'], [0x76, '251C'],
]);

/**
 * The model behind a type code of GetType. Public only for the 601 (5512-447 section 6.2.1) and electricity meters;
 * null for all others.
 */
export function modelOfType(meterType: number): string | null {
  if (meterType === 0x0001 || meterType === 0x0004 || meterType === 0x0005) return 'MULTICAL 601';
  const electricity = ELECTRICITY.get(meterType >> 8);
  return electricity === undefined ? null : `Kamstrup ${electricity}`;
}
