import { cron } from './meter-kinds.ts';
import { nearest } from './nearest.ts';
import { PRESETS } from './presets.ts';
import type { ValueKind } from './value-kind.ts';

const NAMES = Object.keys(PRESETS);

/** A cron expression, the name of a preset, or a list of these; in a text, `;` stands between several. */
export function scheduleList(checkCron: (expression: string) => boolean): ValueKind {
  const { fault: cronFault } = cron(checkCron);
  const faultOfOne = (value: unknown): string | null => {
    if (typeof value === 'string' && NAMES.includes(value.trim())) return null;
    const fault = cronFault(value);
    if (fault === null || typeof value !== 'string' || value.trim() === '') return fault;
    const close = nearest(value.trim(), NAMES);
    const hint = close === null ? '' : `; did you mean "${close}"?`;
    return `${fault}, or a preset (${NAMES.join(', ')})${hint}`;
  };
  return {
    read: (text) => {
      const schedules = text.split(';').map((one) => one.trim());
      return schedules.length === 1 ? text.trim() : schedules.filter((one) => one !== '');
    },
    fault: (value) => {
      if (!Array.isArray(value)) return faultOfOne(value);
      if (value.length === 0) return `must name at least one schedule, such as "${NAMES[0]}"`;
      const faults = value.map((one, index) => {
        const fault = faultOfOne(one);
        return fault === null ? null : `entry ${index + 1} of ${value.length} ${fault}`;
      });
      return faults.find((fault) => fault !== null) ?? null;
    },
  };
}
