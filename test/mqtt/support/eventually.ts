/** Waits in real time until `probe` gives something true, and hands it over. */
export async function eventually<T>(probe: () => T, within = 10_000): Promise<NonNullable<T>> {
  const end = performance.now() + within;
  for (;;) {
    const result = probe();
    if (result) return result;
    if (performance.now() > end) throw new Error(`not within ${within} ms: ${probe}`);
    await pause(5);
  }
}

export function pause(duration: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, duration);
  });
}
