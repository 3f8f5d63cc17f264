import type { ConfigKeys } from './config-key.ts';
import { flattenKeys } from './config-key.ts';
import type { TextValue } from './text-layer.ts';

const METER = 'meter.';

/** What the command line sets, by key path; `meter.port` and the like belong to a single meter. Undefined: not given. */
export function overrideTexts(
  overrides: Readonly<Record<string, string | undefined>>,
  keys: ConfigKeys,
  meterKeys: ConfigKeys,
): { texts: readonly TextValue[]; meterTexts: readonly TextValue[]; problems: readonly string[] } {
  const known = pathsOf(keys);
  const knownOfMeter = pathsOf(meterKeys);
  const texts: TextValue[] = [];
  const meterTexts: TextValue[] = [];
  const problems: string[] = [];
  for (const [path, text] of Object.entries(overrides)) {
    if (text === undefined) continue;
    const ofMeter = path.startsWith(METER) ? path.slice(METER.length) : '';
    if (knownOfMeter.has(ofMeter)) meterTexts.push({ path: ofMeter, text, origin: 'command line' });
    else if (known.has(path)) texts.push({ path, text, origin: 'command line' });
    else problems.push(`${path} (command line): unknown key`);
  }
  return { texts, meterTexts, problems };
}

function pathsOf(keys: ConfigKeys): ReadonlySet<string> {
  return new Set(flattenKeys(keys).map(([path]) => path));
}
