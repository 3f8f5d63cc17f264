import { configKeys } from '../config/keys.ts';
import { OUTPUTS } from '../outputs/all.ts';
import { FILE_AUDIENCE, renderText } from '../schema/fault.ts';
import { type Key, snakeCase } from '../schema/key.ts';

/** One key of an output that a set-up asks about. */
export interface Essential {
  /** In the output's section. */
  readonly name: string;
  /** For a person. */
  readonly question: string;
  /** What is meant where nothing is answered; undefined: something has to be. */
  readonly standard?: string;
}

/** Keys that go together, where an output can be had in several ways. */
interface Way {
  readonly label: string;
  readonly essentials: readonly Essential[];
}

type OutputName = (typeof OUTPUTS)[number]['name'];

const INFLUXDB_URL = { name: 'url', question: 'Its address', standard: 'http://localhost:8086' };

/** The few keys without which an output does not work. */
const WAYS: Readonly<Record<OutputName, readonly Way[]>> = {
  influxdb: [
    {
      label: 'InfluxDB 1.x',
      essentials: [
        INFLUXDB_URL,
        { name: 'database', question: 'Database' },
        { name: 'username', question: 'User name (empty: none)', standard: '' },
        { name: 'password', question: 'Password (empty: none)', standard: '' },
      ],
    },
    {
      label: 'InfluxDB 2.x or 3.x',
      essentials: [
        INFLUXDB_URL,
        { name: 'bucket', question: 'Bucket (3.x: database)' },
        { name: 'org', question: 'Organisation (3.x: -)', standard: '-' },
        { name: 'token', question: 'Token' },
      ],
    },
  ],
  domoticz: [
    {
      label: 'Domoticz',
      essentials: [
        { name: 'url', question: 'Its address (empty: over MQTT)', standard: '' },
        { name: 'devices', question: 'Devices, such as heat_energy=12, power=13' },
      ],
    },
  ],
  csv: [{ label: 'CSV files', essentials: [{ name: 'directory', question: 'Folder', standard: './csv' }] }],
  webhook: [
    {
      label: 'Webhook',
      essentials: [
        { name: 'url', question: 'The address to post to (it stays hidden: it may hold a token)' },
      ],
    },
  ],
  metrics: [
    {
      label: 'Prometheus metrics',
      essentials: [{ name: 'port', question: 'Port at 127.0.0.1', standard: '9464' }],
    },
  ],
};

/** An output that a set-up can turn on. */
export interface OfferedOutput {
  readonly name: OutputName;
  readonly label: string;
  readonly ways: readonly Way[];
}

export const OFFERED: readonly OfferedOutput[] = OUTPUTS.map(({ name, label }) => ({
  name,
  label,
  ways: WAYS[name],
}));

/** Every essential of an output once. */
export function essentialsOf({ ways }: OfferedOutput): readonly Essential[] {
  const all = ways.flatMap(({ essentials }) => essentials);
  return all.filter(({ name }, index) => all.findIndex((one) => one.name === name) === index);
}

function keyOf(output: OutputName, name: string): Key {
  const section: Readonly<Record<string, unknown>> = configKeys[output];
  return section[name] as Key;
}

export function isSecret(output: OutputName, name: string): boolean {
  return keyOf(output, name).secret === true;
}

/** Why a text is no value of the key, as a sentence; undefined: it is one. */
export function faultOf(output: OutputName, { name, standard }: Essential, text: string): string | undefined {
  if (text.trim() === '') return standard === undefined ? 'It must not be empty.' : undefined;
  const { validator } = keyOf(output, name);
  const fault = validator.fault(validator.read(text));
  return fault === null ? undefined : `It ${renderText(fault, FILE_AUDIENCE)}.`;
}

/** Texts as the section of a file has them. What belongs to another way is emptied, that the two do not contradict. */
export function sectionOf(
  output: OfferedOutput,
  way: Way,
  texts: Readonly<Record<string, string>>,
): Readonly<Record<string, unknown>> {
  const own = way.essentials.map(({ name, standard = '' }) => {
    const text = (texts[name] ?? '').trim() === '' ? standard : (texts[name] ?? '');
    return [name, keyOf(output.name, name).validator.read(text)] as const;
  });
  const others = essentialsOf(output).filter(({ name }) => !way.essentials.some((one) => one.name === name));
  return {
    enabled: true,
    ...Object.fromEntries(others.map(({ name }) => [name, keyOf(output.name, name).default])),
    ...Object.fromEntries(own),
  };
}

/** The way that these keys belong to: the first that has them all. */
export function wayOf({ ways }: OfferedOutput, names: readonly string[]): Way | undefined {
  return ways.find(({ essentials }) => names.every((name) => essentials.some((one) => one.name === name)));
}

/** `--influxdb-url`; of a secret one `--influxdb-token-file`. */
export function flagOf(output: OutputName, name: string): string {
  const words = snakeCase(name).replaceAll('_', '-');
  return `--${output}-${words}${isSecret(output, name) ? '-file' : ''}`;
}
