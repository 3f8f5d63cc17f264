import { defineConfig } from 'vitest/config';

/** The built program in a real Home Assistant: minutes, root, and a Core to start. Therefore not part of `npm test`. */
export default defineConfig({
  test: {
    include: ['test/home-assistant/**/*.test.ts'],
    testTimeout: 600_000,
    hookTimeout: 300_000,
  },
});
