import { fieldsOf } from '../../shared/stored.ts';
import type { PlacementMessage } from '../api.ts';
import { type ApiRoute, Refused } from '../route.ts';

export interface PlacementWish {
  readonly port: unknown;
  readonly baudRate: number | undefined;
  /** Milliseconds. */
  readonly duration: number;
}

export interface PlacementSource {
  /** Throws `Refused` before anything is opened. `gone` gives the port back, whatever happens. */
  place(wish: PlacementWish, gone: AbortSignal): Promise<AsyncIterable<PlacementMessage>>;
}

const MINUTE = 60_000;
const USUAL_MINUTES = 5;
const MOST_MINUTES = 10;
/** As the configuration has them. */
const SPEEDS = [1200, 9600];

export function placementRoutes(source: PlacementSource): readonly ApiRoute[] {
  return [
    {
      method: 'POST',
      path: 'api/v1/placement',
      answers: 'PlacementMessage',
      summary:
        'Help to place a head: asks the meter twice a second, which costs battery, until the client goes or the time is up; JSON, an object a line',
      handle: async ({ body, gone }) => {
        const { port, baudRate, minutes = USUAL_MINUTES } = fieldsOf(body);
        if (typeof minutes !== 'number' || !(minutes > 0 && minutes <= MOST_MINUTES))
          throw new Refused(400, `"minutes" must be a number up to ${MOST_MINUTES}.`);
        const duration = minutes * MINUTE;
        return { lines: await source.place({ port, baudRate: speedIn(baudRate), duration }, gone) };
      },
    },
  ];
}

/** Undefined: what is configured, or usual. */
export function speedIn(baudRate: unknown): number | undefined {
  if (baudRate === undefined) return undefined;
  const speed = SPEEDS.find((one) => one === baudRate);
  if (speed === undefined) throw new Refused(400, `"baudRate" must be one of: ${SPEEDS.join(', ')}.`);
  return speed;
}
