/** Longer than the minute after which a reading that a loaded machine spoilt is tried again. Only a failing test waits so long. */
const PATIENCE = 100_000;

/** Waits in real time until `probe` gives something true, and hands it over. */
export async function eventually<T>(
  probe: () => T | Promise<T>,
  within = PATIENCE,
): Promise<NonNullable<Awaited<T>>> {
  const end = performance.now() + within;
  for (;;) {
    const result = await probe();
    if (result) return result;
    if (performance.now() > end) throw new Error(`not within ${within} ms: ${probe}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
