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
