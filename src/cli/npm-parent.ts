import { readFileSync } from 'node:fs';

/** Milliseconds. */
const LOOK_EVERY = 1_000;
/** A hang-up reaches npm and us at once; our own is to be heard first. */
const LOOKS_THAT_AGREE = 2;

/**
 * Calls `gone` once npm, which started us by way of a shell (`npx`, `npm run`), is no more. A signal to npm ends the shell
 * at most, and we would go on unseen and keep the port and the data folder. Returns what ends the watch. Where there is no
 * /proc, nothing is watched.
 */
export function watchNpm(
  environment: Readonly<Record<string, string | undefined>>,
  gone: () => unknown,
): () => void {
  const parent = process.ppid;
  const line = environment.npm_execpath === undefined ? undefined : lineToNpm(parent);
  if (line === undefined) return () => {};
  let agreeing = 0;
  const timer = setInterval(() => {
    const isThere = process.ppid === parent && line.every(({ pid, above }) => parentOf(pid) === above);
    agreeing = isThere ? 0 : agreeing + 1;
    if (agreeing < LOOKS_THAT_AGREE) return;
    clearInterval(timer);
    gone();
  }, LOOK_EVERY);
  timer.unref();
  return () => clearInterval(timer);
}

interface Descent {
  readonly pid: number;
  readonly above: number;
}

/** Whose parent has to remain who, from our parent up to npm; undefined where npm is neither it nor the one above it. */
function lineToNpm(parent: number): readonly Descent[] | undefined {
  if (isNpm(parent)) return [];
  const above = parentOf(parent);
  return above !== undefined && isNpm(above) ? [{ pid: parent, above }] : undefined;
}

/** Not so where a daemon was once started by npm, and its environment is still that one's. */
function isNpm(pid: number): boolean {
  const [program = '', script = ''] = (readProc(pid, 'cmdline') ?? '').split('\0');
  return [program, script].some((word) =>
    /^(?:.*\/)?(?:npm|npx|pnpm|yarn)(?:-cli)?(?:\.c?js)?(?: |$)/.test(word),
  );
}

function parentOf(pid: number): number | undefined {
  // The name stands in parentheses and may hold some itself.
  const [, parent] = /^.*\) \S (\d+) /s.exec(readProc(pid, 'stat') ?? '') ?? [];
  return parent === undefined ? undefined : Number(parent);
}

function readProc(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return undefined;
  }
}
