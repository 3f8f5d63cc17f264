import type { MeterConfig } from '../meter/config.ts';
import type { ApiRoute } from '../web/route.ts';
import { batteryRoutes } from '../web/routes/battery.ts';
import { BridgeBatteries } from './battery-source.ts';
import type { Bridge } from './bridge.ts';

/** A close look at single meters. */
export function meterRoutes(bridge: Bridge, meters: readonly MeterConfig[]): readonly ApiRoute[] {
  return [...batteryRoutes(new BridgeBatteries(bridge, meters))];
}
