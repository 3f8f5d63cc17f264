import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

interface Target {
  readonly refId: string;
  readonly query: string;
  readonly alias?: string;
  readonly datasource: object;
  readonly rawQuery: boolean;
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly datasource?: object;
  readonly gridPos: Place;
  readonly targets?: readonly Target[];
  readonly fieldConfig?: { readonly defaults: { readonly unit: string } };
  /** Of a row that is folded. */
  readonly panels?: readonly Panel[];
}

interface Variable {
  readonly name: string;
  readonly type: string;
  readonly query: string;
}

export interface Dashboard {
  readonly __inputs: readonly { readonly name: string; readonly type: string; readonly pluginId: string }[];
  readonly id: null;
  readonly schemaVersion: number;
  readonly templating: { readonly list: readonly Variable[] };
  readonly panels: readonly Panel[];
}

const FILE = resolve(import.meta.dirname, '../../../../docs/grafana/multical.json');

export function readDashboard(): Dashboard {
  return JSON.parse(readFileSync(FILE, 'utf8'));
}

/** Those that show something, also those in folded rows. */
export function panelsOf({ panels }: Dashboard): readonly Panel[] {
  return panels.flatMap((panel) => (panel.type === 'row' ? (panel.panels ?? []) : [panel]));
}

/** What Grafana makes of a query. */
export function filledIn(
  query: string,
  {
    meter,
    from,
    to,
    timezone,
  }: { readonly meter: string; readonly from: number; readonly to: number; readonly timezone: string },
): string {
  // In a regular expression, which is where it stands, Grafana escapes what is special there.
  const escaped = meter.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  return query
    .replaceAll('$timeFilter', `time >= ${from}ms AND time <= ${to}ms`)
    .replaceAll('$__interval', '30m')
    .replaceAll('$meter', () => escaped)
    .replaceAll('$timezone', timezone)
    .replaceAll('$measurement', 'multical')
    .replaceAll(`\${measurement}`, 'multical');
}
