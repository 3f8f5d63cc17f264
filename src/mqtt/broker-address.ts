/** The broker's address for a log line: no user, no password, no path or query that could hold a token. */
export function brokerAddress(url: string): string {
  if (!URL.canParse(url)) return '(an address that cannot be read)';
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}
