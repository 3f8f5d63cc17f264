import { type MeterConfig, meterFaults, meterKeys, type WrittenMeter } from '../meter/config.ts';
import { writtenPort } from '../meter/validators.ts';
import { applyKeys, parseValues, pickKnown } from '../schema/apply.ts';
import { type Fault, firstOfEach, meterAt, type Text, text } from '../schema/fault.ts';
import { type TextValue, textLayer } from './sources.ts';

const NONE: Fault = {
  path: 'meters',
  text: 'no meter is configured; add one to the list "meters" in the file, or set METER_PORT',
};

interface MeterList {
  /** Those that have no fault of their own. */
  readonly meters: readonly MeterConfig[];
  /** Of all of them; null where one is faulty, so that nobody can be said to be missing. */
  readonly names: readonly string[] | null;
  readonly faults: readonly Fault[];
}

/** The meters of the file, or the single one that environment and command line name or change. */
export function meterList(
  found: readonly unknown[],
  texts: readonly TextValue[],
  directory: string,
): MeterList {
  if (found.length === 0 && texts.length === 0) return { meters: [], names: [], faults: [NONE] };
  const { values, origins } = textLayer(meterKeys, found.length > 1 ? [] : texts);
  const applied = (found.length === 0 ? [{}] : found).map((one, meter) => {
    const known = pickKnown(one, meterKeys, directory);
    const { written, faults } = applyKeys(meterKeys, [known.values, values], directory);
    // Not an object at all: that its keys are missing too is no news.
    const refused = known.faults.some(({ path }) => path === '');
    const all = refused ? known.faults : [...known.faults, ...faults, ...meterFaults(written)];
    const placed = all.map((fault) => ({ ...fault, meter, origin: origins.get(fault.path) }));
    return { written, refused, faults: firstOfEach(placed) };
  });
  const written = applied.map((one) => one.written);
  const faults = [
    ...applied.flatMap((one) => one.faults),
    ...(found.length > 1 && texts.length > 0 ? [ambiguous(texts, found.length)] : []),
    ...(applied.some(({ refused }) => refused) ? [] : sameMeters(written)),
  ];
  const sound = applied.filter((one) => one.faults.length === 0);
  const unnamed = applied.some((one) => one.refused || one.faults.some(({ path }) => path === 'name'));
  return {
    meters: sound.map((one) => parseValues(meterKeys, one.written)),
    names: unnamed ? null : written.map(({ name }) => name),
    faults,
  };
}

function ambiguous(texts: readonly TextValue[], count: number): Fault {
  const names = texts.map(({ path, origin }) =>
    origin === 'command line' ? `meter.${path} (${origin})` : origin,
  );
  return {
    path: [...new Set(names)].join(', '),
    text: `for a single meter only, but the file has ${count}; remove this and set the keys of each meter in the file`,
  };
}

/** Two meters that cannot be told apart: by name, or by what answers on the line. Values may still be of wrong types. */
function sameMeters(meters: readonly WrittenMeter[]): readonly Fault[] {
  const faults: Fault[] = [];
  const names = new Map<string, number>();
  const places = new Map<string, number>();
  const ports = new Map<string, number>();
  for (const [index, { name, port, address, baudRate }] of meters.entries()) {
    const unlike = (path: string, text: Text) => faults.push({ meter: index, path, text });
    const sameName = note(names, textOf(name).trim(), index);
    if (sameName !== null) unlike('name', text`must differ from the name of ${meterAt(sameName)}`);
    // Windows and the network do not tell capitals apart.
    const written = writtenPort(textOf(port));
    const place = written.startsWith('/') ? written : written.toLowerCase();
    const samePort = note(ports, place, index);
    const speed = samePort === null ? undefined : meters[samePort]?.baudRate;
    if (samePort !== null && speed !== undefined && speed !== baudRate)
      unlike(
        'baudRate',
        text`${meterAt(samePort)} has the same port with another speed; one line has one speed, so set both to the same`,
      );
    const samePlace = place === '' ? null : note(places, `${place} ${Number(address)}`, index);
    if (samePlace !== null)
      unlike(
        'port',
        text`${meterAt(samePlace)} has the same port with the same address; give each its own port, or different addresses where several meters share one`,
      );
  }
  return faults;
}

/** The first index that had the key, or null if it is new. An empty key is somebody else's complaint. */
function note(seen: Map<string, number>, key: string, index: number): number | null {
  const first = seen.get(key);
  if (first === undefined && key !== '') seen.set(key, index);
  return first ?? null;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
