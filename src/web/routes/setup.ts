import { fieldsOf } from '../../shared/stored.ts';
import type { SavedSetup, SetupState, TestedPort } from '../api.ts';
import { type ApiRoute, Refused } from '../route.ts';
import { speedIn } from './placement.ts';

export interface MeterWish {
  readonly name: string;
  readonly port: unknown;
  readonly baudRate: number | undefined;
  readonly schedule: string;
  readonly mainsPowered: boolean;
}

export interface SetupSource {
  state(): Promise<SetupState>;
  /** Throws `Refused` before anything is opened. */
  test(port: unknown, baudRate: number | undefined, gone: AbortSignal): Promise<TestedPort>;
  /** Throws `Refused` where nobody can write the configuration. */
  add(wish: MeterWish): Promise<SavedSetup>;
}

export function setupRoutes(source: SetupSource): readonly ApiRoute[] {
  return [
    {
      method: 'GET',
      path: 'api/v1/setup',
      answers: 'SetupState',
      summary: 'Where a head may be, and where the configuration is written',
      handle: async () => ({ json: await source.state() }),
    },
    {
      method: 'POST',
      path: 'api/v1/setup/test',
      answers: 'TestedPort',
      summary: 'Asks which meter answers at a port, which costs it a reading',
      handle: async ({ body, gone }) => {
        const { port, baudRate } = fieldsOf(body);
        return { json: await source.test(port, speedIn(baudRate), gone) };
      },
    },
    {
      method: 'POST',
      path: 'api/v1/setup',
      answers: 'SavedSetup',
      summary: 'Adds a meter to the configuration, and reads it at once',
      handle: async ({ body }) => {
        const { name, port, baudRate, schedule, mainsPowered = false } = fieldsOf(body);
        if (typeof name !== 'string' || typeof schedule !== 'string' || typeof mainsPowered !== 'boolean')
          throw new Refused(400, 'Give "name" and "schedule" as texts, and "mainsPowered" as true or false.');
        const wish = { name: name.trim(), port, baudRate: speedIn(baudRate), schedule, mainsPowered };
        return { json: await source.add(wish) };
      },
    },
  ];
}
