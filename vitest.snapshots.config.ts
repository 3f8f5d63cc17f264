import { defineConfig } from 'vitest/config';

/** Writes everything public into SNAPSHOT_DIR. It asserts nothing by itself: `diff -r` of two folders does. */
export default defineConfig({
  test: {
    include: ['test/snapshots/**/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
