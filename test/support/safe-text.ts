import { type SafeText, Secrets } from '../../src/shared/secrets.ts';

/** Words of a test, which have no secrets. */
export function safe(text: string): SafeText {
  return new Secrets().hideIn(text);
}
