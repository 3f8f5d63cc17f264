type Values = Readonly<Record<string, unknown>>;

/** Those of the options that somebody filled in. */
export function given(values: Values): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => isGiven(value)));
}

export function isGiven(value: unknown): boolean {
  return value !== null && value !== undefined && value !== '';
}
