import type { MeterEvent } from '../readings/meter-event.ts';
import { momentText } from '../shared/credible-clock.ts';

/** `event_type` is Home Assistant's word; what stands beside it becomes the entity's attributes. */
export function eventJson(event: MeterEvent): string {
  return JSON.stringify({
    event_type: EVENT_TYPES[event.kind],
    ...details(event),
    read_at: momentText(event.readAt),
  });
}

/** Public, as topics are. */
export const EVENT_TYPES = {
  'problem-began': 'problem_began',
  'problem-ended': 'problem_ended',
  'clock-set': 'clock_set',
  'meter-swapped': 'meter_swapped',
} as const satisfies Record<MeterEvent['kind'], string>;

function details(event: MeterEvent): object {
  switch (event.kind) {
    case 'clock-set':
      return { seconds: event.by };
    case 'meter-swapped':
      return { old_serial_number: event.old, new_serial_number: event.new };
    default:
      return { problem: event.problem, info: event.info, code: plainNumber(event.code) };
  }
}

/** A text where JSON's numbers would lose a digit. */
function plainNumber(code: string | null): number | string | null {
  return code !== null && Number.isSafeInteger(Number(code)) ? Number(code) : code;
}
