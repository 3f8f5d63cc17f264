/** What must not outlive the torture: processes and mounts. */
const actions = new Set<() => void>();
let isWatching = false;

/** Does it when this process ends before the returned function was called, however it ends. */
export function atExit(action: () => void): () => void {
  if (!isWatching) {
    isWatching = true;
    process.on('exit', () => {
      for (const each of [...actions].reverse()) each();
    });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => process.exit(130));
  }
  actions.add(action);
  return () => actions.delete(action);
}
