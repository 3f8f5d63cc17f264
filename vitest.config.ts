import { existsSync } from 'node:fs';
import { configDefaults, defineConfig } from 'vitest/config';
import { hasTool } from './test/support/has-tool.ts';

/** Files that look at the page as a person does. */
const IN_CHROMIUM = ['test/page/{bridge,first-day,history,now,place,screens,setup,tools}.test.ts'];
const isSeen = existsSync(process.env.CHROMIUM ?? '') || hasTool('chromium');

/**
 * Files that open sockets or start processes. They mostly wait for these, so that more of them run at once than there
 * are cores. Everything else is `npm run test:fast`, which refuses both (test/support/no-sockets.ts).
 */
const CONNECTED = [
  'test/{e2e,integration}/**/*.test.ts',
  'test/addon/{config,offered-broker,privileges,start,store,surroundings}.test.ts',
  'test/app/{data-lock,health-socket,meters,past-statistics,port-desk,registers-source}.test.ts',
  'test/cli/{align,check-connect,colours,completion,configured-meter,history,history-home-assistant,meter-commands,one-identification,one-shot,other-commands,read-watch,run}.test.ts',
  'test/http/*.test.ts',
  'test/install/{demo-build,files,from-scripts,many-meters,npm-package,workflows}.test.ts',
  'test/log/winston-logger.test.ts',
  'test/meter/peer-faults.test.ts',
  'test/mqtt/{broker-list,broker-source,connection,connection-stop,denied-topics,mosquitto,mosquitto-limits,mosquitto-rules,report,retained-scan,staying-online}.test.ts',
  'test/outputs/csv/full-disk.test.ts',
  'test/outputs/domoticz/*-route.test.ts',
  'test/outputs/home-assistant/{discovery-sync,former-discovery,migration,namesakes,publisher,single-entities,small-packets}.test.ts',
  'test/outputs/influxdb/{dashboard,documentation,influxdb-1,influxdb-outage,output,server}.test.ts',
  'test/outputs/mqtt/*.test.ts',
  'test/outputs/prometheus/{documentation,every-model,output}.test.ts',
  'test/outputs/webhook/output.test.ts',
  ...IN_CHROMIUM,
  'test/scripts/judge-layers.test.ts',
  'test/simulator/{pty-server,tcp-server}.test.ts',
  'test/setup/broker-{login,search}.test.ts',
  'test/spool/spool.test.ts',
  'test/statistics/connection.test.ts',
  'test/transport/*-channel.test.ts',
  'test/web/{api,bundle,sessions,web-server}.test.ts',
];

export default defineConfig({
  test: {
    // For what hangs, not for what is slow.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'fast',
          include: ['test/**/*.test.ts'],
          exclude: [...CONNECTED, 'test/{container,home-assistant,snapshots}/**'],
          setupFiles: ['test/support/no-sockets.ts'],
          maxWorkers: '100%',
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'connected',
          include: CONNECTED,
          exclude: [...configDefaults.exclude, ...(isSeen ? [] : IN_CHROMIUM)],
          maxWorkers: 4,
          sequence: { groupOrder: 2 },
        },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      // The questions of the set-up are asked on a terminal of their own, by the built program, which coverage does not see
      // (test/e2e/setup.test.ts).
      exclude: ['src/cli/setup/**'],
      reporter: ['text-summary', 'lcov'],
      thresholds: {
        lines: 95,
        'src/kmp/**': { lines: 100, functions: 100, branches: 100, statements: 100 },
      },
    },
  },
});
