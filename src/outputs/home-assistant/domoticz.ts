import { natureOf, traitsOf } from '../../catalogue/quantities.ts';
import type { ReadingNature } from '../../catalogue/register.ts';
import { TEMPLATES, type Templates } from './discovery.ts';

/** All of a sensor that Domoticz looks at, to guess what it is. */
interface Guessed {
  /** The last part but one of its topic, and where its template looks. */
  readonly key: string;
  readonly unit: string | undefined;
}

/**
 * The templates for one sensor. Domoticz makes no device of a value that it does not find, so what it would take for
 * something else gets a template that is for Jinja alone. To Home Assistant the two are the same.
 */
export function templatesFor(sensor: Guessed, templates: Templates): Templates {
  return isMisread(sensor) ? TEMPLATES.device : templates;
}

/** It takes dates for numbers, shows six digits of a number, and counts backwards where a register wraps. */
const NEVER_SHOWN: ReadonlySet<ReadingNature | undefined> = new Set<ReadingNature>([
  'identity',
  'setting',
  'info',
  'date',
  'clock',
  'fine',
]);

/** By `handle_auto_discovery_sensor` and `GuessSensorTypeValue` of its hardware/MQTTAutoDiscover.cpp. */
function isMisread({ key, unit = '' }: Guessed): boolean {
  // Up to 2025.1 the battery level of all that the meter has.
  if (key.includes('battery')) return true;
  if (NEVER_SHOWN.has(natureOf(key))) return true;
  // A barometer, with a weather forecast.
  if (key.includes('pressure')) return true;
  // A counter that is shown in kWh, or a rain gauge.
  if (unit === 'm³' || unit === 'L') return true;
  if (unit === 'Wh' || unit === 'kWh') return !isPlainEnergy(key);
  // A thermometer, whatever the unit. Where the household has °F, it adds 32 to a difference.
  return key.includes('temperature') && unit !== '°C';
}

/**
 * Counts for life, and has no power but the meter's. Domoticz takes a figure that begins anew each day for a counter too,
 * and puts some power of the same device beside it, whichever begins most alike.
 */
function isPlainEnergy(key: string): boolean {
  const { shown = false, power } = traitsOf(key);
  return natureOf(key) === 'total' && shown && power === undefined;
}
