/**
 * What Domoticz finds with a value template (`CleanValueTemplate`, `GetValueFromTemplate`): it runs no Jinja, but strips
 * the template down to a path. Empty where it finds nothing, and for null: then it leaves the sensor alone.
 */
export function domoticzValue(template: string, json: string): string {
  const path = pathOf(template);
  const start = path.indexOf('value_json.');
  if (start === -1) return '';
  let value: unknown = JSON.parse(json);
  for (const key of path.slice(start + 'value_json.'.length).split('.')) {
    // It would take this for a list, and throw where the index is no number.
    if (key.includes('[')) throw new Error(`Domoticz cannot follow ${template}`);
    if (typeof value !== 'object' || value === null) return '';
    value = (value as Readonly<Record<string, unknown>>)[key];
    if (value === undefined || value === null) return '';
  }
  if (typeof value === 'number') return shortest(value, 9);
  return typeof value === 'object' ? '' : String(value);
}

function pathOf(template: string): string {
  const bare = template
    .replace(/[{}'"]/g, '')
    .replace(/\|.*$/s, '')
    .trim();
  if (!bare.startsWith('(')) return bare;
  // It takes what follows for a calculation.
  return bare
    .slice(1)
    .replace(/[/+-].*$/s, '')
    .trim();
}

/** C's `%.*g`. */
export function shortest(value: number, digits: number): string {
  const rounded = Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  if (size !== 0 && (size < 1e-4 || size >= 10 ** digits))
    return rounded.toExponential().replace(/([+-])(\d)$/, '$10$2');
  return String(rounded);
}
