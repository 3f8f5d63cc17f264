import convict from 'convict';
import type { ConfigKeys } from './config-key.ts';
import { isKey } from './config-key.ts';
import type { Fault } from './fault.ts';
import type { ValueKind } from './value-kind.ts';

// A format of our own with an idle `coerce`: convict's built-in ones make 1 of "1.5" and true of "abc".
convict.addFormat({
  name: 'kind',
  coerce: (value: unknown) => value,
  validate: (value: unknown, node) => {
    const fault = (node.kind as ValueKind).fault(value);
    if (fault !== null) throw new Error(fault);
  },
});

/**
 * Defaults, then each layer over the one before, and what is wrong with the outcome.
 * The layers must hold known keys only (`pick-known.ts`). `values` are to be trusted only where there is no fault.
 */
export function applyKeys<T>(
  keys: ConfigKeys,
  layers: readonly object[],
): { values: T; faults: readonly Fault[] } {
  // Without `args` convict would read our own command line, without `env` the real environment.
  const instance = convict<T>(schemaOf(keys) as convict.Schema<T>, { args: [], env: {} });
  for (const layer of layers) instance.load(layer);
  return { values: instance.getProperties(), faults: faultsOf(instance) };
}

/** Everything counts as sensitive, so that convict's error text has no values: only `path: our message`, a line each. */
function schemaOf(keys: ConfigKeys): object {
  return Object.fromEntries(
    Object.entries(keys).map(([name, node]) => [
      name,
      isKey(node)
        ? { default: node.default, format: 'kind', kind: node.kind, sensitive: true }
        : schemaOf(node),
    ]),
  );
}

function faultsOf<T>(instance: convict.Config<T>): readonly Fault[] {
  try {
    instance.validate({ allowed: 'strict' });
    return [];
  } catch (error) {
    return (error as Error).message.split('\n').map((line) => {
      const colon = line.indexOf(': ');
      return { path: line.slice(0, colon), text: line.slice(colon + 2) };
    });
  }
}
