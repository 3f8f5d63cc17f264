export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object that a payload is; an empty one for anything else, such as somebody else's. */
export function jsonObject(payload: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(payload);
    return isObject(parsed) ? parsed : {};
  } catch {
    return {};
  }
}
