/** Commands that put something in order before they end; the others end at once when they are interrupted. */
const ORDERLY: readonly string[] = ['run', 'demo', 'simulate', 'align', 'setup', 'history'];

/** True if the program with these arguments has to be asked to end. Imports nothing, so that it is there at once. */
export function endsInOrder(words: readonly string[]): boolean {
  const command = words.find((word) => !word.startsWith('-'));
  const watches = command === 'read' && words.includes('--watch');
  const onlyExplains = words.some((word) => ['-h', '--help', '-V', '--version'].includes(word));
  return (
    !onlyExplains && (watches || ORDERLY.includes(command ?? 'run') || words[0]?.startsWith('-') === true)
  );
}
