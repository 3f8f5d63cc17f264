/** Commands that put something in order before they end; the others end at once when they are interrupted. */
const ORDERLY: readonly string[] = ['run', 'demo', 'simulate', 'align'];

/** Whether the program, started with these words, is to be asked to end and not just ended. Loads nothing. */
export function endsInOrder(words: readonly string[]): boolean {
  const command = words.find((word) => !word.startsWith('-'));
  const watches = command === 'read' && words.includes('--watch');
  const onlyExplains = words.some((word) => ['-h', '--help', '-V', '--version'].includes(word));
  return (
    !onlyExplains && (watches || ORDERLY.includes(command ?? 'run') || words[0]?.startsWith('-') === true)
  );
}
