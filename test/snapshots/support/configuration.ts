import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { runCli } from '../../support/run-cli.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { inTurn } from './command-line.ts';
import { CONTRADICTIONS, DEVICE, METER, UNDERSTOOD } from './faulty-configurations.ts';

/*
 * All of it through the command `check`: it tells exactly what a person reads. Keys come from its own output, variables
 * from docs/configuration.md and options from addon/config.yaml, so that none can be forgotten.
 */

type Values = Readonly<Record<string, unknown>>;
type Environment = Readonly<Record<string, string>>;

const TOP = resolve(import.meta.dirname, '../../..');
const WRONG: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  70_000,
  '',
  ' ',
  'x',
  'a/#',
  'http://me:pw@h/?q=1',
  [],
  ['x'],
  [60, 60],
  {},
  { heat_enery: 'x' },
];
const WRONG_TEXTS = [
  ' ',
  'x',
  '-1',
  '0',
  '1.5',
  '70000',
  'true',
  'a,b=c',
  'a/#',
  'http://me:pw@h/?q=1',
  '[]',
];

/** The effective configuration, where there is one. */
export function understood(): Promise<readonly string[]> {
  return inTurn(UNDERSTOOD, async ({ file, environment, options, words }) => [
    `== ${JSON.stringify({ file, environment, options, words })}`,
    ...(await checked({ file, environment, options, words })),
  ]);
}

export function contradictions(): Promise<readonly string[]> {
  return inTurn(CONTRADICTIONS, async (each) => [`== ${JSON.stringify(each)}`, ...(await checked(each))]);
}

export async function wrongInFile(): Promise<readonly string[]> {
  const { out } = await check({ file: { meters: [METER] } });
  const plain: Values = JSON.parse(out);
  const { meters, ...others } = plain;
  const [meter] = meters as readonly Values[];
  const inMeter = await inTurn([...leaves(meter ?? {}), 'unknown', 'battery', 'burst'], (path) =>
    inTurn(WRONG, (value) =>
      shortly(`meters[0].${path}`, value, { file: { meters: [withValue(METER, path, value)] } }),
    ),
  );
  const elsewhere = await inTurn(
    [...leaves(others), ...Object.keys(plain), 'unknown', 'mqtt.unknown'],
    (path) =>
      inTurn(WRONG, (value) => shortly(path, value, { file: withValue({ meters: [METER] }, path, value) })),
  );
  return [...inMeter, ...elsewhere];
}

export function wrongInEnvironment(): Promise<readonly string[]> {
  const page = readFileSync(join(TOP, 'docs/configuration.md'), 'utf8');
  const rows = page.split('\n').filter((line) => /^`[\w.]+(: [^`]*)?` \| /.test(line));
  const variables = rows.flatMap((row) => row.match(/`[A-Z0-9]+(_[A-Z0-9]+)+`/g) ?? []);
  const names = [...new Set(variables.map((name) => name.slice(1, -1)))];
  return inTurn(names, (name) =>
    inTurn(WRONG_TEXTS, (text) =>
      shortly(name, text, { environment: { METER_PORT: '/dev/ttyUSB0', [name]: text } }),
    ),
  );
}

export async function wrongInAddon(): Promise<readonly string[]> {
  const { schema } = parse(readFileSync(join(TOP, 'addon/config.yaml'), 'utf8')) as { schema: Values };
  const { meters, ...others } = schema;
  const [meter] = meters as readonly Values[];
  const inMeter = await inTurn([...Object.keys(meter ?? {}), 'unknown'], (path) =>
    inTurn(WRONG, (value) =>
      shortly(`meters[0].${path}`, value, { options: { meters: [{ ...DEVICE, [path]: value }] } }),
    ),
  );
  const elsewhere = await inTurn(
    [...leaves(others), ...Object.keys(schema), 'unknown', 'mqtt.unknown'],
    (path) =>
      inTurn(WRONG, (value) => shortly(path, value, { options: withValue({ meters: [] }, path, value) })),
  );
  return [...inMeter, ...elsewhere];
}

export interface Configuration {
  /** A text as it is, all else as JSON. */
  readonly file?: unknown;
  readonly environment?: Environment | undefined;
  /** Of the add-on. */
  readonly options?: unknown;
  readonly words?: readonly string[] | undefined;
}

async function check({ file, environment = {}, options, words = [] }: Configuration) {
  const folder = temporaryFolder({ 'a.pem': 'a', 'secret.txt': 'hidden\n' });
  const before = process.cwd();
  const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
  if (file !== undefined) writeFileSync(join(folder, 'config.json'), text(file));
  const supervised = { SUPERVISOR_TOKEN: 'x', SUPERVISOR_OPTIONS: join(folder, 'options.json') };
  if (options !== undefined) writeFileSync(supervised.SUPERVISOR_OPTIONS, text(options));
  process.chdir(folder);
  try {
    const run = await runCli(['check', '--print', ...words], {
      environment: { ...(options !== undefined && supervised), ...environment },
    });
    const plainly = (said: string): string => said.replaceAll(folder, 'FOLDER');
    return { code: run.code, out: plainly(run.out), err: plainly(run.err) };
  } finally {
    process.chdir(before);
  }
}

async function checked(configuration: Configuration): Promise<readonly string[]> {
  const { code, out, err } = await check(configuration);
  return [`exit code ${code}`, out, err];
}

/** What is wrong, or else what became of it. */
async function shortly(
  name: string,
  value: unknown,
  configuration: Configuration,
): Promise<readonly string[]> {
  const { code, out, err } = await check(configuration);
  return [`== ${name} = ${JSON.stringify(value)}: exit code ${code}`, ...(code === 0 ? [out] : []), err];
}

/** Paths of everything that is no group. */
function leaves(values: Values, prefix = ''): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const path = `${prefix}${name}`;
    const isGroup =
      typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
    return isGroup ? leaves(value as Values, `${path}.`) : [path];
  });
}

function withValue(values: Values, path: string, value: unknown): Values {
  const [group = '', name] = path.split('.');
  if (name === undefined) return { ...values, [group]: value };
  return { ...values, [group]: { ...(values[group] as Values | undefined), [name]: value } };
}
