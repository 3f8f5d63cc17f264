declare const free: unique symbol;

/**
 * Words in which no secret is left. What a person or another program gets to see of an error, a refusal or the log is of
 * this type, because those may repeat what a server, a library or the system said; only `Secrets` makes it, which the logger holds.
 */
export type SafeText = string & { readonly [free]: true };

const SHORTEST = 4;
/** What stands in place of a secret. */
export const HIDDEN = '***';

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
  return [secret, JSON.stringify(secret).slice(1, -1), ...encoded, ...lowerCase, ...base64Forms(whole)];
}

/** As it looks within `user:password` in base64, whatever stands before it: three bytes make four characters. */
function base64Forms(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    // The characters at both ends depend on the neighbours too.
    const own = (before + bytes.length) * 8;
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(own / 6));
  });
}

/** Words from elsewhere, cut at a blank: half a secret would not be known as one. */
export function cutAtBlank(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return text
    .slice(0, longest + 1)
    .replace(/\S*$/, '')
    .trimEnd();
}

/** Hides secrets in all words that leave the program. Grows while it runs: a broker's password may come later. */
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

  hideIn(text: string): SafeText {
    return this.redact(text) as SafeText;
  }
}
