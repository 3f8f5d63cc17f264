import type { BatteryState } from '../api.ts';
import { type ApiRoute, Refused } from '../route.ts';

export interface BatterySource {
  /** Undefined where no meter is called so. */
  battery(meter: string): BatteryState | undefined;
}

export function batteryRoutes(source: BatterySource): readonly ApiRoute[] {
  return [
    {
      method: 'GET',
      path: 'api/v1/meters/:name/battery',
      answers: 'BatteryState',
      summary: "What readings cost the meter's battery, day by day, and what each schedule would",
      handle: ({ parameters: { name = '' } }) => {
        const battery = source.battery(name);
        if (battery === undefined) throw new Refused(404, `No meter is called "${name}".`);
        return { json: battery };
      },
    },
  ];
}
