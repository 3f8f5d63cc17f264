import { join } from 'node:path';
import { INGRESS_ADDRESS, INGRESS_PORT } from '../addon/ingress.ts';
import type { Config } from '../config/keys.ts';
import type { Clock } from '../shared/clock.ts';
import type { Logger } from '../shared/logger.ts';
import { doorAdvice } from '../web/door.ts';
import { openApi } from '../web/openapi.ts';
import type { ApiRoute } from '../web/route.ts';
import { type HistorySource, historyRoutes } from '../web/routes/history.ts';
import { stateRoutes } from '../web/routes/state.ts';
import { everyone, ingressOnly, WebServer } from '../web/server.ts';
import type { StateSource } from '../web/state-source.ts';

/** Where the build puts the page, beside this program. */
const BUNDLE = join(import.meta.dirname, '../page');

interface PageOptions {
  readonly config: Config;
  readonly version: string;
  readonly isAddon: boolean;
  readonly state: StateSource;
  readonly history: HistorySource;
  /** What is told and done besides. */
  readonly further: readonly ApiRoute[];
  readonly stuck: () => readonly string[];
  readonly logger: Logger;
  readonly clock: Clock;
}

/** The page's server as the surroundings want it: behind Home Assistant's ingress, or where the configuration says. */
export function pageServer({
  config,
  version,
  isAddon,
  state,
  history,
  further,
  stuck,
  logger,
  clock,
}: PageOptions): WebServer {
  const told: readonly ApiRoute[] = [...stateRoutes(state, clock), ...historyRoutes(history), ...further];
  const description: ApiRoute = {
    method: 'GET',
    path: 'api/v1/openapi.json',
    summary: 'This description',
    handle: () => ({ json: openApi([...told, description], version) }),
  };
  const routes = [...told, description];
  const shared = { routes, bundle: BUNDLE, stuck, logger };
  if (isAddon)
    return new WebServer({
      ...shared,
      host: '0.0.0.0',
      port: INGRESS_PORT,
      access: ingressOnly(INGRESS_ADDRESS),
      // Whatever Home Assistant is called: only who has logged in there comes this way.
      hosts: 'any',
    });
  const { host, port, allowedHosts, publicUrl, password, auth } = config.web;
  const named = publicUrl === '' ? [] : [new URL(publicUrl)];
  return new WebServer({
    ...shared,
    host,
    port,
    access: everyone,
    hosts: [...allowedHosts, ...named.map(({ hostname }) => hostname)],
    origins: named.map(({ origin }) => origin),
    password: auth === 'none' ? '' : password,
    shut: doorAdvice(config.web),
  });
}
