import { isObject } from './stored.ts';

/**
 * How a JSON value differs from an earlier one, as JSON: `[]` where it is gone, `[value]` where it is another one, and an
 * object where only some of its members or items are.
 */
export type Changes = readonly [] | readonly [unknown] | { readonly [member: string]: Changes };

type Members = Readonly<Record<string, unknown>>;

/** Undefined where both are equal, to the order of their members. Both as `JSON.parse` makes them. */
export function changesBetween(before: unknown, after: unknown): Changes | undefined {
  if (before === after) return undefined;
  if (!haveMembers(before, after)) return [after];
  return changesOfMembers(before as Members, after as Members);
}

function changesOfMembers(before: Members, after: Members): Changes | undefined {
  const changes: Array<[string, Changes]> = [];
  for (const name of Object.keys(before)) if (!Object.hasOwn(after, name)) changes.push([name, []]);
  for (const [name, value] of Object.entries(after)) {
    const change = Object.hasOwn(before, name) ? changesBetween(before[name], value) : ([value] as const);
    if (change !== undefined) changes.push([name, change]);
  }
  // Members that change places, or come between others, would come back in another order.
  if (!keepsOrder(before, after)) return [after];
  return changes.length === 0 ? undefined : Object.fromEntries(changes);
}

/** What `changesBetween` was given as `after`. Does not change `before`, but shares its members. */
export function withChanges(before: unknown, changes: Changes | undefined): unknown {
  if (changes === undefined) return before;
  if (isReplacement(changes)) return changes[0];
  const members = new Map(Object.entries(Object(before) as Members));
  for (const [name, change] of Object.entries(changes)) {
    if (isReplacement(change) && change.length === 0) members.delete(name);
    else members.set(name, withChanges(members.get(name), change));
  }
  return Array.isArray(before) ? [...members.values()] : Object.fromEntries(members);
}

/** Two objects, or two lists. */
function haveMembers(before: unknown, after: unknown): boolean {
  return (Array.isArray(before) && Array.isArray(after)) || (isObject(before) && isObject(after));
}

function keepsOrder(before: Members, after: Members): boolean {
  const kept = Object.keys(before).filter((name) => Object.hasOwn(after, name));
  const names = Object.keys(after);
  return kept.every((name, index) => names[index] === name);
}

function isReplacement(changes: Changes): changes is readonly [] | readonly [unknown] {
  return Array.isArray(changes);
}
