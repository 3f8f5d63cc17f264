import { TEMPLATES, type Templates } from './discovery.ts';

/** Material Design icons, where Home Assistant's own for the device class is none, or one of something else. */
const ICONS: readonly (readonly [RegExp, string])[] = [
  [/_time$|^target_date/, 'mdi:calendar'],
  [/^(mean_)?cooling/, 'mdi:snowflake'],
  [/^(heat|flow|return)_energy|^power$/, 'mdi:fire'],
  [/^flow_temperature/, 'mdi:thermometer-chevron-up'],
  [/^return_temperature/, 'mdi:thermometer-chevron-down'],
  [/^(reverse_)?volume|^flow$/, 'mdi:water'],
  [/^info$/, 'mdi:message-text-outline'],
  [/^info_/, 'mdi:information-outline'],
  [/^last_error$/, 'mdi:alert-circle-outline'],
  [/^failed_readings$|^checksum_errors$/, 'mdi:alert-outline'],
  [/^readings_/, 'mdi:counter'],
  [/^battery_ratio$/, 'mdi:battery-clock-outline'],
  [/^event$/, 'mdi:bell-ring-outline'],
  [/^read_now$/, 'mdi:refresh'],
];

/**
 * Nothing where the one of the device class is right, and nothing in the form that Domoticz reads too, which guesses from
 * icons what a sensor is.
 */
export function iconOf(key: string, templates: Templates): { readonly icon?: string } {
  if (templates !== TEMPLATES.device) return {};
  const [, icon = ''] = ICONS.find(([pattern]) => pattern.test(key)) ?? [];
  return icon === '' ? {} : { icon };
}
