/** Register with the program's number and its edition. */
export const SOFTWARE_EDITION = 1005;

/**
 * The revision in register 1005, decimal PPPPLLNN (TD403 p. 68): 14540201 is program 5098-1454 B1. Null for what is no
 * such number. Needed where GetType answers with zeros, as a 403 does.
 */
export function revisionOfEdition(edition: string | undefined): string | null {
  const [, letter = '', number = ''] = /^\d{1,4}(\d\d)(\d\d)$/.exec(edition ?? '') ?? [];
  const index = Number(letter);
  return index >= 1 && index <= 26 ? `${String.fromCharCode(64 + index)}${Number(number)}` : null;
}
