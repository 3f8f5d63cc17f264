import { type InfluxdbTag, METER_TAGS } from './config.ts';
import { describeValue, type ValueKind } from './schema.ts';

const KNOWN: readonly string[] = METER_TAGS;

/** `["serial_number", "site=cabin"]`, as text with commas; may be empty. */
export const influxdbTags: ValueKind = {
  read: (text) => partsOf(text),
  fault: (value) => {
    const parts = typeof value === 'string' ? partsOf(value) : value;
    if (!Array.isArray(parts))
      return `must be a list such as ["serial_number", "name"], not ${describeValue(value)}`;
    const faults = parts.map(faultOf);
    const keys = parts.map((part) => String(part).split('=')[0]?.trim());
    const twice = keys.find((key, index) => keys.indexOf(key) !== index);
    return (
      faults.find((fault) => fault !== null) ??
      (twice === undefined ? null : `the tag ${JSON.stringify(twice)} stands there twice`)
    );
  },
};

/** The tags that `influxdbTags` found no fault with. */
export function tagsOf(value: unknown): readonly InfluxdbTag[] {
  const parts = typeof value === 'string' ? partsOf(value) : (value as readonly string[]);
  return parts.map((part) => {
    const at = part.indexOf('=');
    if (at < 0) return { key: part.trim() as (typeof METER_TAGS)[number] };
    return { key: part.slice(0, at).trim(), value: part.slice(at + 1).trim() };
  });
}

/** The tags as a file has them. */
export function writtenTags(tags: readonly InfluxdbTag[]): readonly string[] {
  return tags.map((tag) => ('value' in tag ? `${tag.key}=${tag.value}` : tag.key));
}

function partsOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function faultOf(part: unknown): string | null {
  const text = typeof part === 'string' ? part.trim() : '';
  // InfluxDB keeps `time` and what begins with an underscore to itself.
  if (KNOWN.includes(text) || /^(?!time\s*=)[a-z][\w-]*\s*=\s*\S/i.test(text)) return null;
  return `each tag must be one of ${KNOWN.join(', ')}, or a text of your own such as "site=cabin", not ${describeValue(part)}`;
}
