import type { WebConfig } from '../config/config.ts';
import type { Logger } from '../log/logger.ts';
import { everyone, ingressOnly } from '../web/access.ts';
import { WebServer } from '../web/web-server.ts';
import { INGRESS_ADDRESS, INGRESS_PORT } from './addon.ts';
import type { BridgeStatus } from './bridge-status.ts';

/** The page's server as the surroundings want it: behind Home Assistant's ingress, or where the configuration says. */
export function statusServer(
  isAddon: boolean,
  { enabled, host, port }: WebConfig,
  status: BridgeStatus,
  logger: Logger,
): WebServer | undefined {
  const shared = { status: () => status.now(), stuck: () => status.stuck(), logger };
  if (isAddon) {
    return new WebServer({
      ...shared,
      host: '0.0.0.0',
      port: INGRESS_PORT,
      access: ingressOnly(INGRESS_ADDRESS),
    });
  }
  return enabled ? new WebServer({ ...shared, host, port, access: everyone }) : undefined;
}
