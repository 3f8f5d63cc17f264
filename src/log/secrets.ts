const SHORTEST = 4;
const HIDDEN = '***';

/**
 * Replaces secrets wherever they turn up: as they are, and as they look inside a URL or a JSON text.
 * Shorter ones than four characters are left alone: they would also hide half of the log.
 */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const forms = new Set(secrets.filter((secret) => secret.length >= SHORTEST).flatMap(formsOf));
  // The longest first: a form may be part of another.
  const ordered = [...forms].sort((a, b) => b.length - a.length);
  return (text) => ordered.reduce((rest, form) => rest.replaceAll(form, HIDDEN), text);
}

function formsOf(secret: string): readonly string[] {
  // Half of a surrogate pair makes the encoders throw.
  const whole = secret.replace(/\p{Surrogate}/gu, '\ufffd');
  // Programs encode more or less of a password; a URL object, as the MQTT client uses it, the least.
  const url = new URL('mqtt://host');
  url.password = whole;
  const encoded = [encodeURIComponent(whole), encodeURI(whole), url.password];
  const lowerCase = encoded.map((form) => form.replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase()));
  return [secret, JSON.stringify(secret).slice(1, -1), ...encoded, ...lowerCase];
}

/** Hides secrets from every log and page. Grows while the program runs: a broker's password may come later. */
export class Secrets {
  private readonly known: Set<string>;
  private redact: (text: string) => string;

  constructor(known: readonly string[] = []) {
    this.known = new Set(known);
    this.redact = createRedactor(known);
  }

  add(secret: string): void {
    if (this.known.has(secret)) return;
    this.known.add(secret);
    this.redact = createRedactor([...this.known]);
  }

  hideIn(text: string): string {
    return this.redact(text);
  }

  /** Hides them in every text within `value`, which holds plain data only. */
  hideInAll<T>(value: T): T {
    return this.treat(value) as T;
  }

  private treat(value: unknown): unknown {
    if (typeof value === 'string') return this.redact(value);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => this.treat(item));
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.treat(item)]));
  }
}
