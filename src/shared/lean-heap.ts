import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the program small on a machine with little memory: the space for young objects does not grow to many times what
 * a bridge needs that reads once an hour, and nothing runs hot enough for an optimising compiler to pay for its memory.
 */
export function keepHeapLean(): void {
  for (const flag of ['--semi-space-growth-factor=1', '--optimize-for-size', '--no-opt'])
    setFlagsFromString(flag);
}
