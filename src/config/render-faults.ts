import type { Fault } from './fault.ts';

interface FaultPlace {
  /** The path of what the faults' own paths start at; empty: the file's top. */
  readonly at: string;
  /** What else but the file set a value, by path. */
  readonly origins: ReadonlyMap<string, string>;
}

/** `meters[1].port (METER_PORT): must ...`, the first fault of each key. */
export function renderFaults(faults: readonly Fault[], { at, origins }: FaultPlace): readonly string[] {
  const first = new Map<string, string>();
  for (const { path, text } of faults) if (!first.has(path)) first.set(path, text);
  return [...first].map(([path, text]) => {
    const whole = [at, path].filter((part) => part !== '').join('.') || 'the whole file';
    const origin = origins.get(path);
    return `${whole}${origin === undefined ? '' : ` (${origin})`}: ${text}`;
  });
}
