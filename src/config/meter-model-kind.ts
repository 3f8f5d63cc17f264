import { METER_MODEL_NAMES } from '../shared/model-names.ts';
import { describeValue } from './describe-value.ts';
import { nearest } from './nearest.ts';
import type { ValueKind } from './value-kind.ts';

const ALLOWED: readonly string[] = ['auto', ...METER_MODEL_NAMES];

/** A family of meters by its name, or `auto`. */
export const meterModel: ValueKind = {
  read: (text) => text.trim().toLowerCase(),
  fault: (value) => {
    if (typeof value === 'string' && ALLOWED.includes(value)) return null;
    const meant = nearestModel(String(value));
    const hint = meant === null ? '' : `; did you mean "${meant}"?`;
    const names = ALLOWED.map((name) => `"${name}"`).join(', ');
    return `must be one of ${names}, not ${describeValue(value)}${hint}`;
  },
};

/** People write "MULTICAL 403", 403 without quotation marks, or one of the models of a family ("flowIQ 2101"). */
function nearestModel(text: string): string | null {
  const plain = text.toLowerCase().replace(/multical|kamstrup|[\s®]/g, '');
  const family = METER_MODEL_NAMES.find(
    (name) => name.endsWith('xx') && plain.replace('-', '').startsWith(name.slice(0, -2).replace('-', '')),
  );
  return family ?? nearest(plain, ALLOWED);
}
