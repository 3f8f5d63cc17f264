/**
 * Who may import whom. Each folder under src/ is a layer; the list names what it may import of ours.
 * Type-only imports count (tsPreCompilationDeps).
 */
const layers = {
  kmp: [],
  shared: [],
  log: ['shared'],
  config: ['shared'],
  state: ['shared'],
  transport: ['shared'],
  meter: ['kmp', 'shared'],
  readings: ['kmp', 'shared'],
  polling: ['meter', 'readings', 'shared'],
  mqtt: ['shared'],
  http: ['shared'],
  spool: ['shared'],
  publish: ['readings', 'mqtt', 'http', 'spool', 'shared'],
  supervisor: ['shared'],
  health: ['shared'],
  web: ['http', 'shared'],
  simulator: ['kmp', 'readings', 'shared'],
};

/** Single files that a layer may import from another one: narrow interfaces and types. */
const interfaces = {
  meter: ['^src/transport/byte-channel\\.ts$', '^src/log/logger\\.ts$'],
  readings: [],
  state: ['^src/log/logger\\.ts$'],
  polling: ['^src/publish/publisher\\.ts$', '^src/log/logger\\.ts$'],
  mqtt: ['^src/log/logger\\.ts$'],
  spool: ['^src/log/logger\\.ts$'],
  publish: ['^src/log/logger\\.ts$'],
  health: ['^src/log/logger\\.ts$'],
  web: ['^src/log/logger\\.ts$', '^src/log/log-tail\\.ts$'],
  simulator: ['^src/transport/byte-channel\\.ts$', '^src/log/logger\\.ts$'],
};

const packages = {
  serialport: '^src/transport/serial-port-channel\\.ts$',
  mqtt: '^src/mqtt/',
  convict: '^src/config/',
  json5: '^src/config/',
  winston: '^src/log/',
  'node-cron': '^src/polling/',
  commander: '^src/cli/',
  'big\\.js': '^src/(kmp|readings)/',
  aedes: '^src/app/',
  undici: '^src/http/',
  'prom-client': '^src/publish/prometheus/',
  'write-file-atomic': '^src/(state|spool)/',
};

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'src-never-imports-test',
      severity: 'error',
      from: { path: '^src' },
      to: { path: '^(test|bench)' },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src', pathNot: '^src/main\\.ts$' },
      to: {},
    },
    {
      name: 'app-does-not-import-cli',
      severity: 'error',
      from: { path: '^src/app/' },
      to: { path: '^src/(cli/|main)' },
    },
    {
      name: 'cli-goes-through-app',
      severity: 'error',
      from: { path: '^src/cli/' },
      to: { path: '^src/', pathNot: '^src/(cli|app|config|kmp|readings|simulator|log|shared)/' },
    },
    ...Object.entries(layers).map(([folder, allowed]) => ({
      name: `layer-${folder}`,
      severity: 'error',
      from: { path: `^src/${folder}/` },
      to: {
        path: '^src/',
        pathNot: [`^src/(${[folder, ...allowed].join('|')})/`, ...(interfaces[folder] ?? [])],
      },
    })),
    {
      name: 'publishers-do-not-know-each-other',
      severity: 'error',
      from: { path: '^src/publish/([^/]+)/' },
      to: { path: '^src/publish/([^/]+)/', pathNot: '^src/publish/$1/' },
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
