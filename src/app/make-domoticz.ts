import { DomoticzOutput } from '../publish/domoticz/domoticz-output.ts';
import type { DomoticzRoute } from '../publish/domoticz/domoticz-route.ts';
import { HttpRoute } from '../publish/domoticz/http-route.ts';
import { MqttRoute } from '../publish/domoticz/mqtt-route.ts';
import type { OutputParts } from './output-parts.ts';

/** Over HTTP where an address is given, else through the broker; none where it is off. */
export function makeDomoticz(parts: OutputParts): readonly DomoticzOutput[] {
  const { enabled, devices } = parts.config.domoticz;
  const route = enabled ? routeOf(parts) : undefined;
  return route === undefined ? [] : [new DomoticzOutput({ ...parts, devices, route })];
}

function routeOf({ config, connection, clock, random }: OutputParts): DomoticzRoute | undefined {
  const { domoticz } = config;
  if (domoticz.url !== '') return new HttpRoute({ ...domoticz, clock, random });
  // The configuration wants an address where there is no broker.
  return connection && new MqttRoute(connection, domoticz.topic, clock);
}
