/** Letters that have no accent to take off. */
const LETTERS: Readonly<Record<string, string>> = {
  æ: 'ae',
  ø: 'o',
  ß: 'ss',
  đ: 'd',
  ł: 'l',
  þ: 'th',
  œ: 'oe',
  ð: 'd',
};

/** For entity ids: only a-z, 0-9 and single underscores. Empty when nothing of the text is left. */
export function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[æøßđłþœð]/g, (letter) => LETTERS[letter] ?? '')
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
}
