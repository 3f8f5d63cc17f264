/**
 * What Domoticz shows for a value template (hardware/MQTTAutoDiscover.cpp, read in November 2026, not run): it runs no
 * Jinja, but strips the template down to a path. Empty where it finds nothing, and for null.
 */
export function domoticzValue(template: string, json: string): string {
  const path = pathOf(template);
  const start = path.indexOf('value_json.');
  if (start === -1) return '';
  let value: unknown = JSON.parse(json);
  for (const key of path.slice(start + 'value_json.'.length).split('.')) {
    if (typeof value !== 'object' || value === null) return '';
    value = (value as Readonly<Record<string, unknown>>)[key];
    if (value === undefined || value === null) return '';
  }
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
