import type { Schema } from './supervisor-schema.ts';

type Group = Readonly<Record<string, Schema>>;

/** How Home Assistant shows one entry of an add-on's form. */
export interface Shown {
  readonly name: string;
  /** A field to fill in, a folded panel with fields, or a button that opens a window with all the fields of one more. */
  readonly as: 'field' | 'panel' | 'list';
  readonly fields: readonly string[];
}

/**
 * What somebody sees who opens the tab Configuration, by Home Assistant's own source (`supervisor-app-config.ts` of its
 * frontend, 2026): what has a place in the options or must be given. The rest is behind "Show unused optional
 * configuration options". A panel shows all of its fields once it is opened.
 */
export function shownAtFirst(schema: Group, options: Readonly<Record<string, unknown>>): readonly Shown[] {
  return Object.entries(schema)
    .filter(([name, type]) => Object.hasOwn(options, name) || isRequired(type))
    .map(([name, type]) => shown(name, type));
}

/** A group or a list of them never is, to the form; the Supervisor wants them all the same. */
function isRequired(type: Schema): boolean {
  return typeof type === 'string' && !type.endsWith('?');
}

function shown(name: string, type: Schema): Shown {
  if (typeof type === 'string') return { name, as: 'field', fields: [name] };
  const isList = Array.isArray(type);
  const [group] = isList ? (type as readonly Schema[]) : [type];
  return {
    name,
    as: isList ? 'list' : 'panel',
    fields: typeof group === 'object' ? Object.keys(group) : [],
  };
}
