import type { Component } from './device-discovery.ts';
import type { Templates } from './templates.ts';

/** What the readings of a day or a week are counted in: the key in the diagnostics, its name, its traits. */
const COUNTED: readonly (readonly [key: string, name: string, traits: Partial<Component>])[] = [
  ['readings', 'Readings', { suggested_display_precision: 0 }],
  ['transactions', 'Transactions', { suggested_display_precision: 0 }],
  ['wake_ups', 'Wake-ups', { suggested_display_precision: 0 }],
  ['bytes', 'Bytes', { unit_of_measurement: 'B', suggested_display_precision: 0 }],
  [
    'seconds_awake',
    'Time awake',
    { device_class: 'duration', unit_of_measurement: 's', suggested_display_precision: 0 },
  ],
];
/** What a household looks at; the rest is a click away. */
const SHOWN: readonly string[] = ['readings_today'];

/** What the meter's battery was asked for. Figures, not problems: how much is too much is for its owner to say. */
export function batteryComponents(
  sensor: (key: string, name: string) => Component,
  templates: Templates,
): Readonly<Record<string, Component>> {
  const components = COUNTED.flatMap(([counted, name, traits]) => [
    // Anew from 0 each midnight.
    of('today', `${counted}_today`, `${name} today`, { ...traits, state_class: 'total_increasing' }),
    of('last_7_days', `${counted}_last_7_days`, `${name} in the last 7 days`, {
      ...traits,
      state_class: 'measurement',
    }),
  ]);
  return {
    battery_ratio: {
      ...sensor('battery_ratio', 'Battery use ratio'),
      state_class: 'measurement',
      suggested_display_precision: 2,
    },
    ...Object.fromEntries(components),
    readings_left_today: {
      ...sensor('readings_left_today', 'Readings left today'),
      state_class: 'measurement',
      suggested_display_precision: 0,
      enabled_by_default: false,
    },
  };

  function of(
    period: 'today' | 'last_7_days',
    key: string,
    name: string,
    traits: Partial<Component>,
  ): [string, Component] {
    const field = key.slice(0, -period.length - 1);
    return [
      key,
      {
        ...sensor(key, name),
        value_template: templates.nested(period, field),
        ...traits,
        ...(!SHOWN.includes(key) && { enabled_by_default: false as const }),
      },
    ];
  }
}
