import { defineConfig } from 'vitest/config';

/** Pictures for the documentation, from a real Home Assistant, and of the bridge's own page. Written as tests are, because it uses what they use. */
export default defineConfig({
  test: {
    include: ['scripts/screenshots/{screenshots,page,winter}.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
