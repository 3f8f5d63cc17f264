import type { ExchangeState } from '../api.ts';
import { type ApiRoute, Refused } from '../route.ts';

export interface ExchangesSource {
  /** Undefined where no meter is called so. */
  exchanges(meter: string): readonly ExchangeState[] | undefined;
}

export function exchangeRoutes(source: ExchangesSource): readonly ApiRoute[] {
  return [
    {
      method: 'GET',
      path: 'api/v1/meters/:name/exchanges',
      answers: 'ExchangeState[]',
      summary: 'The last exchanges with a meter since the start, newest first, each byte in words',
      handle: ({ parameters: { name = '' } }) => {
        const exchanges = source.exchanges(name);
        if (exchanges === undefined) throw new Refused(404, `No meter is called "${name}".`);
        return { json: exchanges };
      },
    },
  ];
}
