/** Generous: on a loaded machine a program may take seconds to start, and only a failing test waits so long. */
const PATIENCE = 20_000;

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
