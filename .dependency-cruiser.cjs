/**
 * The house from the ground up: a folder of src/ imports from the floors below its own, never from its own floor or above.
 * Type-only imports count (tsPreCompilationDeps).
 */
const floors = require('./scripts/floors.json');

/** Which folder, or file, each package belongs to. */
const packages = {
  '@clack/prompts': '^src/cli/setup/talk\\.ts$',
  aedes: '^src/cli/commands/demo\\.ts$',
  'big\\.js': '^src/(catalogue|kmp|readings|loggers|history|statistics)/',
  commander: '^src/cli/',
  convict: '^src/schema/apply\\.ts$',
  json5: '^src/config/config-file\\.ts$',
  mqtt: '^src/mqtt/',
  'multicast-dns': '^src/setup/mdns\\.ts$',
  'node-cron': '^src/shared/schedule\\.ts$',
  'prom-client': '^src/outputs/prometheus/',
  serialport: '^src/transport/serial-channel\\.ts$',
  undici: '^src/http/',
  ws: '^src/http/web-socket\\.ts$',
  winston: '^src/log/',
  'write-file-atomic': '^src/(app|setup|spool|statistics)/',
};

const below = (floor) => floors.slice(0, floor).flat();

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'src-never-imports-test',
      severity: 'error',
      from: { path: '^src' },
      to: { path: '^(test|bench|torture)' },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src', pathNot: '^src/main\\.ts$' },
      to: {},
    },
    {
      name: 'every-folder-has-a-floor',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/(main\\.ts$|(${floors.flat().join('|')})/)` },
      to: {},
    },
    ...floors.flatMap((folders, floor) =>
      folders.map((folder) => ({
        name: `floor-of-${folder}`,
        severity: 'error',
        from: { path: `^src/${folder}/` },
        to: { path: '^src/', pathNot: `^src/(${[folder, ...below(floor)].join('|')})/` },
      })),
    ),
    {
      name: 'outputs-do-not-know-each-other',
      severity: 'error',
      from: { path: '^src/outputs/([^/]+)/' },
      to: { path: '^src/outputs/([^/]+)/', pathNot: '^src/outputs/$1/' },
    },
    {
      name: 'configuration-loads-no-output',
      severity: 'error',
      from: { path: '^src/config/' },
      to: { path: '^src/outputs/', pathNot: '^src/outputs/(all|output|[^/]+/config)\\.ts$' },
    },
    ...Object.entries(packages).map(([name, owner]) => ({
      name: `package-${name.replace('\\', '')}`,
      severity: 'error',
      from: { path: '^src/', pathNot: owner },
      to: { path: `node_modules/(@types/)?${name}/` },
    })),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
