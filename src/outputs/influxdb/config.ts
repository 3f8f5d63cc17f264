import { certificateKeys, serverUrl } from '../../http/config.ts';
import { describeValue, type Fault, ref, text } from '../../schema/fault.ts';
import { type Infer, key, type Validator } from '../../schema/key.ts';
import { anyText, flag, hasControlCharacters, nameText, oneOf, textInForm } from '../../schema/validators.ts';
import { type BesideOutputs, defineOutput } from '../output.ts';

const METER_TAGS = ['serial_number', 'name', 'model'] as const;

/** Filled from the meter, or a text of the user's own. */
type InfluxdbTag =
  | { readonly key: (typeof METER_TAGS)[number]; readonly value?: never }
  | { readonly key: string; readonly value: string };

const KNOWN: readonly string[] = METER_TAGS;

/** `["serial_number", "site=cabin"]`, as text with commas; may be empty. */
const influxdbTags = textInForm<readonly InfluxdbTag[], string | readonly string[]>({
  read: partsOf,
  fault: (value) => {
    const parts = typeof value === 'string' ? partsOf(value) : value;
    if (!Array.isArray(parts))
      return `must be a list such as ["serial_number", "name"], not ${describeValue(value)}`;
    const faults = parts.map(tagFault);
    const keys = parts.map((part) => String(part).split('=')[0]?.trim());
    const twice = keys.find((key, index) => keys.indexOf(key) !== index);
    return (
      faults.find((fault) => fault !== null) ??
      (twice === undefined ? null : `the tag ${JSON.stringify(twice)} stands there twice`)
    );
  },
  parse: (written) => (typeof written === 'string' ? partsOf(written) : written).map(tagOf),
  print: (tags) => tags.map(({ key, value }) => (value === undefined ? key : `${key}=${value}`)),
});

/** InfluxDB would take each point for a comment, keep the name for itself, or read on into what follows. */
const measurementName: Validator<string> = {
  read: nameText.read,
  fault: (value) => {
    const wrong = nameText.fault(value);
    if (typeof value !== 'string' || wrong !== null) return wrong;
    const why = value.startsWith('#')
      ? 'begin with #, which makes a comment of each point'
      : value.startsWith('_')
        ? 'begin with an underscore: InfluxDB keeps such names to itself'
        : endsInBackslash(value)
          ? ENDS_IN_BACKSLASH
          : null;
    return why && `must not ${why}; choose another name, such as "multical", not ${describeValue(value)}`;
  },
};

const keys = {
  enabled: key('Whether readings are written to InfluxDB.', flag, false),
  url: key('Address, `http://` or `https://`.', serverUrl, 'http://localhost:8086'),
  database: key('Database of InfluxDB 1.x.', anyText, ''),
  username: key('User name at InfluxDB 1.x.', anyText, ''),
  password: key('Password of that user.', anyText, '', { secret: true }),
  org: key('Organisation of InfluxDB 2.x; for 3.x `-`.', anyText, ''),
  bucket: key('Bucket of InfluxDB 2.x, or database of 3.x.', anyText, ''),
  token: key('Token at InfluxDB 2.x and 3.x.', anyText, '', { secret: true }),
  measurement: key('Measurement; no `#` or `_` first, no backslash last.', measurementName, 'multical'),
  tags: key('Tags: some of these, and `site=cabin`.', influxdbTags, 'serial_number, name, model'),
  units: key(
    '`common`: kWh, kW, m³, l/h and °C for every meter.',
    oneOf(['published', 'common']),
    'published',
  ),
  ...certificateKeys,
};

export type InfluxdbConfig = Infer<typeof keys>;

export const influxdb = defineOutput({
  name: 'influxdb',
  label: 'InfluxDB',
  noun: 'point',
  keys,
  faults: influxdbFaults,
});

function influxdbFaults(
  { url, database, bucket, org, tags }: InfluxdbConfig,
  { meters }: BesideOutputs,
): readonly Fault[] {
  const faults: Fault[] = [];
  if (url === '')
    faults.push({
      path: 'influxdb.url',
      text: text`must be set, because ${ref('influxdb.enabled')} is true`,
    });
  if (database === '' && bucket === '')
    faults.push({
      path: 'influxdb.database',
      text: text`must be set for InfluxDB 1.x, or ${ref('influxdb.bucket')} for 2.x and 3.x, because ${ref('influxdb.enabled')} is true`,
    });
  if (database !== '' && bucket !== '')
    faults.push({
      path: 'influxdb.bucket',
      text: 'there is a database too; keep "database" for InfluxDB 1.x, or "bucket" for 2.x and 3.x, and leave the other one empty',
    });
  // Without it InfluxDB 2.x answers as if the points were at fault.
  if (bucket !== '' && org === '')
    faults.push({
      path: 'influxdb.org',
      text: 'must be set for InfluxDB 2.x; for 3.x, which has no organisations, write "-"',
    });
  const named = tags.some(({ key, value }) => key === 'name' && value === undefined);
  for (const { name } of named ? meters.filter((meter) => endsInBackslash(meter.name)) : [])
    faults.push({
      path: 'influxdb.tags',
      text: `hold the name of the meter ${describeValue(name)}, and a tag must not ${ENDS_IN_BACKSLASH}; give the meter another name, or leave name out of the tags`,
    });
  const telling: readonly string[] = METER_TAGS.slice(0, 2);
  if (meters.length > 1 && !tags.some(({ key, value }) => value === undefined && telling.includes(key)))
    faults.push({
      path: 'influxdb.tags',
      text: `must hold ${telling.join(' or ')} where there are several meters, or their points would replace each other`,
    });
  return faults;
}

function partsOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function tagFault(part: unknown): string | null {
  const text = typeof part === 'string' ? part.trim() : '';
  if (hasControlCharacters(text) || (text.includes('=') && endsInBackslash(text)))
    return `a tag must be on one line and must not ${ENDS_IN_BACKSLASH}; write ${describeValue(part)} otherwise`;
  // InfluxDB keeps `time` and what begins with an underscore to itself.
  if (KNOWN.includes(text) || /^(?!time\s*=)[a-z][\w-]*\s*=\s*\S/i.test(text)) return null;
  return `each tag must be one of ${KNOWN.join(', ')}, or a text of your own such as "site=cabin", not ${describeValue(part)}`;
}

function endsInBackslash(text: string): boolean {
  return text.endsWith('\\');
}

const ENDS_IN_BACKSLASH = 'end in a backslash, which line protocol would read as a sign for what comes next';

function tagOf(part: string): InfluxdbTag {
  const at = part.indexOf('=');
  if (at < 0) return { key: part.trim() as (typeof METER_TAGS)[number] };
  return { key: part.slice(0, at).trim(), value: part.slice(at + 1).trim() };
}
