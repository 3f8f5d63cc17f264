import { mqttFaults, withoutUrlCredentials } from '../mqtt/config.ts';
import { statisticsFaults } from '../outputs/home-assistant/config.ts';
import type { BesideOutputs, OutputDefinition } from '../outputs/output.ts';
import { parseValues, putAt } from '../schema/apply.ts';
import { type Fault, FILE_AUDIENCE, renderFault } from '../schema/fault.ts';
import { flattenKeys, type Key, type Keys, type Written } from '../schema/key.ts';
import { type Config, configKeys, PRINTED_OUTPUTS } from './keys.ts';

type AllWritten = Written<typeof configKeys>;

/**
 * What keys say of each other. `faulty`: keys whose own values are wrong; `meters`: how many the file has. A faulty value
 * hides no contradiction between others: what is told is what holds whatever it was meant to be.
 */
export function contradictions(
  written: AllWritten,
  faulty: ReadonlySet<string>,
  meters: number,
  beside: Pick<BesideOutputs, 'meters'>,
  isAddon: boolean,
): readonly Fault[] {
  const { mqtt, compatibility } = written;
  const early = [
    ...mqttFaults(mqtt),
    ...(compatibility.valuesTopic !== '' && meters > 1 ? [ONE_METER_ONLY] : []),
  ];
  const [one, other] = [false, true].map((isOther) => {
    const config = { ...parsedAll(mended(written, faulty, isOther)), ...beside };
    return [...statisticsFaults(config, isAddon), ...outputFaults(config)];
  });
  const told = new Set(other?.map((fault) => renderFault(fault, FILE_AUDIENCE)));
  const both = one?.filter((fault) => told.has(renderFault(fault, FILE_AUDIENCE))) ?? [];
  return [...early, ...both.filter(({ path }) => !faulty.has(path))];
}

/** Values without a fault as the program wants them. */
export function parsedAll(written: AllWritten): Config {
  const config = parseValues(configKeys, written);
  return { ...config, mqtt: withoutUrlCredentials(config.mqtt) };
}

/** With the default in the place of each faulty value, or with another value of its type where one is easily named. */
function mended(written: AllWritten, faulty: ReadonlySet<string>, isOther: boolean): AllWritten {
  const copy = copied(written, configKeys);
  for (const [path, key] of flattenKeys(configKeys))
    if (faulty.has(path)) putAt(copy, path, isOther ? anotherThan(key) : key.default);
  return copy as AllWritten;
}

function copied(values: Readonly<Record<string, unknown>>, keys: Keys): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const node = keys[name];
      const isGroup = node !== undefined && !('validator' in node);
      return [name, isGroup ? copied(value as Readonly<Record<string, unknown>>, node as Keys) : value];
    }),
  );
}

function anotherThan({ default: standard, validator }: Key): unknown {
  const other =
    typeof standard === 'boolean' ? !standard : typeof standard === 'number' ? standard + 1 : 'other';
  return validator.fault(other) === null ? other : standard;
}

const ONE_METER_ONLY: Fault = {
  path: 'compatibility.valuesTopic',
  text: 'must be empty where there are several meters, because that topic has no place for more than one',
};

/** Contradictions between the keys of outputs that are on. */
function outputFaults(config: Omit<Config, 'meters'> & BesideOutputs): readonly Fault[] {
  const sections: Readonly<Record<string, unknown>> = { ...config };
  const on: readonly OutputDefinition[] = PRINTED_OUTPUTS.filter(({ name }) => config[name].enabled);
  return [
    ...on.flatMap(({ name, faults }) => faults?.(sections[name], config) ?? []),
    ...(on.length === 0 && !config.mqtt.enabled ? [NOWHERE] : []),
  ];
}

const NOWHERE: Fault = {
  path: 'mqtt.enabled',
  text: `must be true where no other output is on (${PRINTED_OUTPUTS.map(({ name }) => name).join(', ')}), or readings go nowhere`,
};
