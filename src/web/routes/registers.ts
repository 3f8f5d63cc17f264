import type { Language } from '../../catalogue/texts/languages.ts';
import { fieldsOf, isInteger } from '../../shared/stored.ts';
import type { RegisterState } from '../api.ts';
import { type ApiRoute, Refused } from '../route.ts';

export interface RegistersSource {
  /** Undefined where no meter is called so. */
  registers(meter: string, language: Language): readonly RegisterState[] | undefined;
  /** Those that the meter has. Throws `Refused` where it is not asked, or does not answer. */
  ask(
    meter: string,
    ids: readonly number[],
    language: Language,
    gone: AbortSignal,
  ): Promise<readonly RegisterState[]> | undefined;
}

/** As many as a meter answers at once. */
const MOST = 8;

export function registerRoutes(source: RegistersSource): readonly ApiRoute[] {
  return [
    {
      method: 'GET',
      path: 'api/v1/meters/:name/registers',
      answers: 'RegisterState[]',
      summary: 'Every register that the meter has answered, as it did last',
      handle: ({ parameters: { name = '' }, language }) => {
        const json = source.registers(name, language);
        if (json === undefined) throw noMeter(name);
        return { json };
      },
    },
    {
      method: 'POST',
      path: 'api/v1/meters/:name/ask',
      answers: 'RegisterState[]',
      summary: `Asks the meter once for the registers \`ids\`, ${MOST} at most, which costs battery; gives those that it has`,
      handle: async ({ parameters: { name = '' }, body, language, gone }) => {
        const asked = source.ask(name, idsIn(body), language, gone);
        if (asked === undefined) throw noMeter(name);
        return { json: await asked };
      },
    },
  ];
}

function idsIn(body: unknown): readonly number[] {
  const { ids } = fieldsOf(body);
  const isList = Array.isArray(ids) && ids.length >= 1 && ids.length <= MOST;
  if (!isList || !ids.every((id) => isInteger(id, 0, 0xffff)))
    throw new Refused(400, `"ids" must be a list of 1 to ${MOST} whole numbers, 0 to 65535.`);
  return [...new Set(ids)];
}

function noMeter(name: string): Refused {
  return new Refused(404, `No meter is called "${name}".`);
}
