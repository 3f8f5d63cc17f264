import { defineConfig } from 'vitest/config';

/** Builds and runs the image: minutes, root, and tools that few have. Therefore not part of `npm test`. */
export default defineConfig({
  test: {
    include: ['test/container/**/*.test.ts'],
    testTimeout: 150_000,
    hookTimeout: 60_000,
  },
});
