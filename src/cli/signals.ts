import { setFlagsFromString } from 'node:v8';

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

/**
 * Keeps the program small on a machine with little memory: the space for young objects does not grow to many times what
 * a bridge needs that reads once an hour, and nothing runs hot enough for an optimising compiler to pay for its memory.
 */
export function keepHeapLean(): void {
  for (const flag of ['--semi-space-growth-factor=1', '--optimize-for-size', '--no-opt'])
    setFlagsFromString(flag);
}
