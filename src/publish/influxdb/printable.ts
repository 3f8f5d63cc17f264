/** Line protocol knows no line ends within a line, not even escaped ones; other control characters only do harm. */
export function printable(text: string): string {
  return text.replace(/\r\n|[\p{Cc}\u2028\u2029]/gu, ' ');
}
