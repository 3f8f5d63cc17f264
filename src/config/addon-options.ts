import { addonGroups } from './addon-groups.ts';
import { addonKeys } from './addon-keys.ts';
import { addonMeter } from './addon-meter.ts';
import { applyKeys } from './apply-keys.ts';
import { pickKnown } from './pick-known.ts';
import { renderFaults } from './render-faults.ts';

type Values = Readonly<Record<string, unknown>>;

interface AddonLayer {
  /** In the form of a configuration file. Of use only where there are no problems. */
  readonly value: unknown;
  /** By the options' own names: `meters[0].device: ...`. */
  readonly problems: readonly string[];
  /** A later complaint about the layer, by the options' own names. */
  rename(problem: string): string;
}

/**
 * The options that Home Assistant's form writes, as a layer of the ordinary configuration: names in the form's own
 * style, a place in one of three fields, a preset in place of cron. An add-on without a meter is legal: it has just been
 * installed.
 */
export function addonOptions(found: unknown, checkCron: (expression: string) => boolean): AddonLayer {
  const keys = addonKeys();
  const known = pickKnown(found, keys);
  const { values, faults } = applyKeys<Values>(keys, [known.values]);
  const list: readonly unknown[] = Array.isArray(values.meters) ? values.meters : [];
  const meters = list.map((one, index) => addonMeter(one, `meters[${index}]`, checkCron));
  const groups = addonGroups(values);
  return {
    value: { ...groups.value, meters: meters.map(({ value }) => value) },
    problems: [
      ...renderFaults([...known.faults, ...faults], { at: '', origins: new Map() }),
      ...meters.flatMap(({ problems }) => problems),
    ],
    rename: (problem) => {
      const [, index = '', rest = ''] = /^meters\[(\d+)\]\.(.*)/s.exec(problem) ?? [];
      const meter = meters[Number(index)];
      return index === '' || meter === undefined
        ? groups.rename(problem)
        : `meters[${index}].${meter.rename(rest)}`;
    },
  };
}
