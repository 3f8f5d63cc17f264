/** Units of one kind of amount, each in that of the first: exact decimals. */
type Family = Readonly<Record<string, string>>;

// biome-ignore format: a table reads best in rows
const FAMILIES: readonly Family[] = [
  {
    J: '1', kJ: '1e3', MJ: '1e6', GJ: '1e9', Wh: '3600', kWh: '3.6e6', MWh: '3.6e9', GWh: '3.6e12',
    // The calorie of the International Table, 1 Gcal = 1.163 MWh.
    cal: '4.1868', kcal: '4186.8', Mcal: '4186800', Gcal: '4186800000',
  },
  { l: '1', 'm³': '1e3' },
  { W: '1', kW: '1e3', MW: '1e6', GW: '1e9' },
  { 'l/h': '1', 'm³/h': '1e3' },
];

/** Every unit that can be converted into another one. */
export const CONVERTIBLE_UNITS: readonly string[] = FAMILIES.flatMap((family) => Object.keys(family));

/** How many `to` make one `from`, as a fraction of two decimals; undefined where these are not of one kind. */
export function unitRatio(
  from: string,
  to: string,
): readonly [numerator: string, denominator: string] | undefined {
  const family = FAMILIES.find((each) => from in each);
  const [numerator, denominator] = [family?.[from], family?.[to]];
  return numerator === undefined || denominator === undefined ? undefined : [numerator, denominator];
}
