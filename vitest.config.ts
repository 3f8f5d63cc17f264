import { defineConfig } from 'vitest/config';

/** Whole programs and meters in real time: one file after the other, so that none takes another one's time away. */
const REAL_TIME = [
  'test/e2e/**/*.test.ts',
  'test/integration/**/*.test.ts',
  'test/cli/**/*.test.ts',
  'test/{addon/start,install/npm-package}.test.ts',
  'test/simulator/{paced-line,pty-server,tcp-server}.test.ts',
];

export default defineConfig({
  test: {
    // For what hangs, not for what is slow.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // On a machine that others use too, one of thousands of real sockets may starve; at home nothing is tried twice.
    retry: process.env.CI ? 1 : 0,
    projects: [
      {
        extends: true,
        // Every core: these wait for events, so that a slow one only takes longer.
        test: {
          name: 'fast',
          include: ['test/**/*.test.ts'],
          exclude: [...REAL_TIME, 'test/container/**'],
          maxWorkers: '100%',
        },
      },
      { extends: true, test: { name: 'real time', include: REAL_TIME, fileParallelism: false } },
    ],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      reporter: ['text-summary', 'lcov'],
      thresholds: {
        lines: 95,
        'src/kmp/**': { lines: 100, functions: 100, branches: 100, statements: 100 },
      },
    },
  },
});
