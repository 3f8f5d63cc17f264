import type { Language } from '../../catalogue/texts/languages.ts';
import type { Clock } from '../../shared/clock.ts';
import type { BridgeState } from '../api.ts';
import { changesOf } from '../changes.ts';
import { type ApiRoute, Refused } from '../route.ts';
import type { StateSource } from '../state-source.ts';

export function stateRoutes(source: StateSource, clock: Clock): ApiRoute[] {
  return [
    {
      method: 'GET',
      path: 'api/v1/state',
      answers: 'BridgeState',
      summary: 'The bridge with all its meters and outputs',
      handle: ({ language }) => ({ json: stateOf(source, language) }),
    },
    {
      method: 'GET',
      path: 'api/v1/events',
      summary:
        'Server-sent events: `state` at first, then `meter`, `outputs` and `log` with what has changed since a second ago, or `state` once more; `alive` where there is nothing to say',
      handle: ({ language, gone }) => ({ events: changesOf(source, language, clock, gone) }),
    },
    {
      method: 'GET',
      path: 'api/v1/log',
      answers: 'LogLine[]',
      summary: 'The last lines of the log, oldest first',
      handle: () => ({ json: source.log(0).lines }),
    },
    {
      method: 'GET',
      path: 'api/v1/meters/:name',
      answers: 'Value[]',
      summary: 'All values of a meter',
      handle: ({ parameters, language }) => {
        const values = source.values(parameters.name ?? '', language);
        if (values === undefined) throw noMeter(parameters.name);
        return { json: values };
      },
    },
    {
      method: 'POST',
      path: 'api/v1/meters/:name/read',
      summary: 'Asks for a reading, which costs battery; one that runs already is the one',
      handle: ({ parameters }) => {
        const taken = source.read(parameters.name ?? '');
        if (taken === undefined) throw noMeter(parameters.name);
        if (taken !== 'taken') throw new Refused(taken.because === 'too-soon' ? 429 : 409, taken.reason);
        return { json: {}, status: 202 };
      },
    },
  ];
}

function stateOf(source: StateSource, language: Language): BridgeState {
  return { ...source.head(), outputs: source.outputs(), meters: source.meters(language) };
}

function noMeter(name: string | undefined): Refused {
  return new Refused(404, `There is no meter called ${JSON.stringify(name)}.`);
}
