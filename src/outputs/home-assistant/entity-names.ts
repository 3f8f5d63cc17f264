import { labelIn } from '../../catalogue/labels/label-in.ts';
import { isQuantity, QUANTITY_LABELS } from '../../catalogue/quantities.ts';
import { type Component, type EntityNaming, slug } from './discovery.ts';

/** What happened at the meter. */
export const EVENT_KEY = 'event';

/**
 * Home Assistant shows the name of the device before that of the entity. A word that ends the one and begins the other is
 * said once: `Heat` and `Heat energy` are `Heat Energy` and `sensor.heat_energy`, not `Heat Heat energy`. The name is in
 * the household's language, the id never: automations go by it.
 */
export function entityNames(
  device: Pick<EntityNaming, 'name' | 'slug' | 'language'>,
  platform: Component['platform'],
  key: string,
  label: string,
): Pick<Component, 'default_entity_id' | 'name'> {
  const [first = '', ...rest] = key.split('_');
  const [firstWord = '', ...otherWords] = label.split(' ');
  const [shortKey, shortLabel] = [rest.join('_'), capitalised(otherWords.join(' '))];
  // What is left must not be what another entity is called.
  const isTaken = shortKey === EVENT_KEY || isQuantity(shortKey) || QUANTITY_LABELS.has(shortLabel);
  const canBeShort = shortKey !== '' && shortLabel !== '' && !isTaken;
  const isSaid = (text: string): boolean => canBeShort && slug(text).split('_').at(-1) === first;
  return {
    default_entity_id: `${platform}.${device.slug}_${isSaid(device.slug) ? shortKey : key}`,
    name:
      device.language === 'en' && isSaid(device.name) && slug(firstWord) === first
        ? shortLabel
        : labelIn(device.language, key, label),
  };
}

function capitalised(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
