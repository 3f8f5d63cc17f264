import type { Config } from '../config/config.ts';
import type { Logger } from '../log/logger.ts';
import type { MqttConnection } from '../mqtt/mqtt-connection.ts';
import { DomoticzOutput } from '../publish/domoticz/domoticz-output.ts';
import type { DomoticzRoute } from '../publish/domoticz/domoticz-route.ts';
import { HttpRoute } from '../publish/domoticz/http-route.ts';
import { MqttRoute } from '../publish/domoticz/mqtt-route.ts';
import type { Random } from '../shared/back-off.ts';
import type { Clock } from '../shared/clock.ts';

interface DomoticzParts {
  readonly config: Config;
  /** Undefined where there is no broker. */
  readonly connection: MqttConnection | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly changed: () => void;
}

/** Over HTTP where an address is given, else through the broker; none where it is off. */
export function makeDomoticz(parts: DomoticzParts): readonly DomoticzOutput[] {
  const { enabled, devices } = parts.config.domoticz;
  const route = enabled ? routeOf(parts) : undefined;
  return route === undefined ? [] : [new DomoticzOutput({ ...parts, devices, route })];
}

function routeOf({ config, connection, clock, random }: DomoticzParts): DomoticzRoute | undefined {
  const { domoticz } = config;
  if (domoticz.url !== '') return new HttpRoute({ ...domoticz, clock, random });
  // The configuration wants an address where there is no broker.
  return connection && new MqttRoute(connection, domoticz.topic, clock);
}
